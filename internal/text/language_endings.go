package text

import "unicode/utf8"

// longestEnding bounds the endings that are looked up, in letters.
const longestEnding = 5

// wordEndings tell languages of one script apart where a headline has no common
// words: endings of inflection and derivation that one or two languages of the
// kin have. They are folded, as tokens are.
var wordEndings = map[string]string{
	"en": "ny rket ies ing ings tion tions tional ness ight ights ould eed eeds eak eaks ack acks ish ough ally ently ower owers eader eaders ictim ictims oops ment ments ants ers ors ists th sh ck ch ty ry ly ed ll ks ts ds ps ms ws ys ff ew ow aw ay ey oy al ics ble nce sts rns lls tes ves ces kes ian ians",
	"fr": "eux euse ienne iennes aire aires ois oise oises aux eau eaux ante antes ent ement ements tion tions iere ieres ieme ique iques ree rees tee tees ees ouvre aient elle elles ssent ait ez uit",
	"de": "ung ungen ngen isch ische ischen ischer isches lich liche lichen keit heit heiten iert ieren chaft nde nden nder ndes sten stet ogen chen cher cht chte chten tzt tzten fen ffen ssen ssens rden rde eit eiten tsch euer eue ohen hnt gt kt nken ngs gs cken ckt ert tet ach acht pf pfe ieg iegs ieb ielt ieten eug euge echs ehr ohn auf aum icht en lt hrt tz tze oll ich lb rg erg urg rger st",
	"es": "cion ciones dad ados adas ado ada idos idas ido ida amente ista istas anas inas ino inos os as a o ias iene ienen ejo ueno ueve uego uerra ueva uevo uevas uevos uerte uelve iento iente ientos ientes eno enos aron ieron aba",
	"pt": "a o cao coes dade ado ados ada adas eiro eira eiros eiras ao oes os as nha nho inha inho lho lha vel",
	"it": "a o i zione zioni ita ato ati ata ello elli ella elle etto etti anno ono ino ini ina oni gli aggio iamo uto uti ezza",
	"ro": "ului ilor elor tie tii eaza este esti ul ului ii ilor iile este ati ata",
	"pl": "a o i y az rz arz icz sz ok ek yk ki ka zy ego emu ych ich ymi imi nie nia niu ow owie ami ach ski skie skich skiej skim cji cja cje osc osci ala aly alo ila ily ilo iono ano eto cz cza ow owa owe owych owej wych nych nego nej rz rza rzy szy sz dzi dzie cy czy uje uja sie czne czny iec owie",
	"cs": "a o i y eho ych nich ni osti oval ovala ky ske skych uje uji nost aci ami",
	"nl": "en heid heden ijk ijke ijken oen oet oor ooft ooit uis uit ijn ijf ijd aar aal eel eet eerd lijk",
	"sv": "arna erna orna ning ningar het heter ade ats dag igt lig liga ska skt ande ende",
	"tr": "lar ler lari leri yor lik dan den nin nun dir dur mesi masi iyor cak cek nda nde",

	"ru": "ский ской ского ские ских ская ым ых ые ый ыл ыли ение ения ении ением ание ания ании ости ост ел ил ал ял ует ют ии ией ой ее ие ия чно стве",
	"uk": "ський ської ського ські ських ська ськ ння нням нні ття цтва цтво ість ав ив ів ував юють ують ає ує ії ією ій ої ою ею вав яв ьок щина щини щині вни чни аєш єш ємо имо",
	"bg": "ата ите ът ият ява ха ски ението",
	"sr": "ски ова ање ања ење ења ао ују ије ији",
	"be": "цца аецца энне анне скі скага ай аў еў іў",

	"ar": "ية ات ين ون ة ها",
	"fa": "های ها ند",
	"ur": "وں یں",
}

// ending gives the languages that an ending of a folded word speaks for. The
// word has at least two letters before it. A single last letter tells something
// in a word of the language only, not in a name.
func (k kin) ending(word string, name bool) (set uint32) {
	n := utf8.RuneCountInString(word)
	at := 0
	for i := range word {
		left := n - at
		at++
		if left > longestEnding || at < 3 || left == 1 && name {
			continue
		}
		set |= k.endings[word[i:]]
	}
	return set
}
