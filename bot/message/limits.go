package message

// Discord's limits, in Unicode code points
// (https://discord.com/developers/docs/resources/message#embed-object-embed-limits
// and https://discord.com/developers/docs/resources/message#create-message).
const (
	// MaxContent is the length of a message's own text.
	MaxContent = 2000
	// MaxEmbeds is how many embeds a message may carry.
	MaxEmbeds = 10
	// MaxEmbedSum is the length of all texts of all embeds of a message.
	MaxEmbedSum = 6000
	// MaxTitle, MaxDescription, MaxAuthor and MaxFooter bound an embed's parts.
	MaxTitle       = 256
	MaxDescription = 4096
	MaxAuthor      = 256
	MaxFooter      = 2048
	// MaxFields, MaxFieldName and MaxFieldValue bound an embed's fields.
	MaxFields     = 25
	MaxFieldName  = 256
	MaxFieldValue = 1024
	// MaxURL is the length of an embed's link, in bytes.
	MaxURL = 2048
	// MaxMentions is how many roles allowed_mentions may list
	// (https://discord.com/developers/docs/resources/message#allowed-mentions-object).
	MaxMentions = 100
	// MaxCustomID and MaxLabel bound a button
	// (https://discord.com/developers/docs/components/reference#button).
	MaxCustomID = 100
	MaxLabel    = 80
	// MaxAlt is the length of the words that stand for a picture
	// (https://discord.com/developers/docs/resources/message#attachment-object).
	MaxAlt = 1024
)

// Our own, tighter limits: what still reads well.
const (
	// maxSummary is the length of an alert's summary, with the links to its reports;
	// more is an article.
	maxSummary = 1600
	// maxRoles is how many roles one message mentions: as many mentions of the
	// longest id as fit in a message's text, with room left for a headline.
	maxRoles = 70
	// maxPlainHeadline and maxPlainSummary bound an alert without an embed.
	maxPlainHeadline = 400
	maxPlainSummary  = 600
	// minPlainPart is the room below which a part of a plain alert is left out.
	minPlainPart = 40
	// maxTopicTitle is how much of a topic's title is shown.
	maxTopicTitle = 60
	// maxOutlet is how much of an outlet's name is shown.
	maxOutlet = 80
	// maxLineLink is the longest link that a line of a list carries.
	maxLineLink = 400
	// minLineHeadline is the room for a headline below which a line of a list
	// rather loses its link.
	minLineHeadline = 80
	// maxTopicLine, maxSaidLines, maxVoiceLines and maxTimeline bound the fields of
	// an alert, so that an embed stays below MaxEmbedSum however long each part is.
	maxTopicLine  = 500
	maxSaidLines  = 900
	maxVoiceLines = 900
	maxTimeline   = 1000
	// maxSpeaker is how much of a name is shown where somebody speaks,
	// maxMomentName the same in a timeline.
	maxSpeaker    = 80
	maxMomentName = 40
)
