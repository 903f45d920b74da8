/**
 * Names in `User-Agent` of those who read a page to show a card of it: chats and networks, not search engines. Messages
 * on Apple's devices calls itself the first and the third; Signal goes by WhatsApp, and Teams by Skype.
 */
const NAMES = [
  ...[
    'facebookexternalhit',
    'Facebot',
    'Twitterbot',
    'Slackbot',
    'Slack-ImgProxy',
    'Discordbot',
    'TelegramBot',
  ],
  ...[
    'LinkedInBot',
    'SkypeUriPreview',
    'Mastodon/',
    'Pleroma',
    'Akkoma',
    'Misskey',
    'SummalyBot',
    'Bluesky Cardyb',
  ],
  ...['Synapse', 'Tuwunel', 'continuwuity', 'ZulipURLPreview', 'Mattermost-Bot', 'Nextcloud.Server.Crawler'],
  ...['redditbot', 'Pinterestbot', 'vkShare', 'Snap URL Preview Service', 'Iframely', 'Embedly'],
]
/** WhatsApp's own browser, which people use, has the name behind that of a browser. */
const PATTERN = new RegExp(`^WhatsApp/|${NAMES.join('|')}`, 'i')

/**
 * True for who says that they read a page for its card. Anybody can say so: it decides whether a card or the sign-in
 * page is shown, and never what may be on the card.
 */
export const isUnfurler = (userAgent: string | undefined): boolean => PATTERN.test(userAgent ?? '')
