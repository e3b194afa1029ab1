// Languages: which there are, and what commands are called in them.

/** Discord's languages, https://docs.discord.com/developers/reference#locales. */
const all = 'en-US en-GB bg cs da de el es-ES es-419 fi fr hi hr hu id it ja ko lt nl no pl pt-BR ro ru sv-SE th tr uk vi zh-CN zh-TW'.split(' ');

/** The language of who has chosen none. */
export const firstLanguage = 'en-US';

/** languageName names a language as those who speak it do. */
export function languageName(id) {
  try {
    const name = new Intl.DisplayNames([id], { type: 'language' }).of(id);
    return name.charAt(0).toLocaleUpperCase(id) + name.slice(1);
  } catch {
    return id;
  }
}

/** languageItems lists the languages to pick from; those into which the bot has
 * translated its commands come first. */
export function languageItems(commands) {
  const spoken = new Set(commands.flatMap((c) => Object.keys(c.description_localizations ?? {})));
  const item = (id) => ({ key: id, name: `${languageName(id)} ${id}`, label: languageName(id), detail: spoken.has(id) ? 'The bot speaks it' : '' });
  return [...all].sort((a, b) => spoken.has(b) - spoken.has(a)).map(item);
}

// Discord shows the text of the other kind of English or Spanish rather than none.
const near = { 'en-GB': 'en-US', 'en-US': 'en-GB', 'es-419': 'es-ES', 'es-ES': 'es-419' };

function said(texts, locale) {
  return texts?.[locale] ?? texts?.[near[locale]];
}

/** localized gives a command with its texts in a language, as far as it has them.
 * Names stay what is sent; `label` is what a menu shows. */
export function localized(node, locale) {
  return {
    ...node,
    label: said(node.name_localizations, locale) ?? node.name,
    ...(node.description !== undefined && { description: said(node.description_localizations, locale) ?? node.description }),
    ...(node.options && { options: node.options.map((o) => localized(o, locale)) }),
    ...(node.choices && { choices: node.choices.map((c) => ({ ...c, name: said(c.name_localizations, locale) ?? c.name })) }),
  };
}
