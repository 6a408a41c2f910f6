// English words of the settings and of moderation.
export const settings = {
  profile: "Profile", profileText: "Name, words about you, pictures", appearance: "Appearance", appearanceText: "Colours, language, motion", privacy: "Privacy", privacyText: "Who may follow and find you", filters: "Filters", filtersText: "Words you would rather not read",
  account: "Account", accountText: "E-mail, password, deletion", sessions: "Devices and apps", sessionsText: "Where you are logged in", invites: "Invitations", invitesText: "Bring people in",
  header: "Header picture", avatar: "Your picture", displayName: "Display name", note: "About you", noteHint: "Links, @mentions and #hashtags work.", fields: "Details", fieldsHint: "Up to four: your homepage, pronouns, anything.", fieldName: "Label", fieldValue: "Content",
  bot: "Automated account", botHint: "It mostly posts by itself.",
  theme: "Colours", themes: { auto: "Like my device", light: "Light", dark: "Dark" }, language: "Language", media: "Pictures", mediaChoices: { default: "Hide sensitive ones", show_all: "Show all at once", hide_all: "Hide all until I tap" },
  expandWarnings: "Open content warnings at once", expandWarningsHint: "Show the text behind warnings without a tap.", reduceMotion: "Less motion", reduceMotionHint: "No animations, and pictures of people stand still.",
  locked: "Approve followers", lockedHint: "People ask before they can follow you.", discoverable: "Show me in the directory", discoverableHint: "Others can find you among the people here and in suggestions.", indexable: "Let search engines find me", indexableHint: "Your public posts may turn up in searches.",
  hideCollections: "Hide whom I follow", hideCollectionsHint: "Others see the numbers, not the lists.", postingVisibility: "New posts are", sensitive: "Mark my pictures as sensitive", sensitiveHint: "They are blurred until somebody taps.",
  blocks: "Blocked people", mutes: "Muted people", noBlocks: "Nobody is blocked", noMutes: "Nobody is muted",
  currentPassword: "Current password", passwordHint: "All other devices are logged out.", changePassword: "Change password", passwordChanged: "Password changed. Other devices were logged out.", emailNow: (email: string) => `Now: ${email}`, newEmail: "New e-mail", changeEmail: "Change e-mail", emailMailed: (email: string) => `We sent a link to ${email}. The new address counts once you open it.`,
  deleteTitle: "Delete my account", deleteText: "Your profile, posts, pictures, follows and everything else of yours is removed for good, and nobody can use your name again.", deleteName: (name: string) => `Type “${name}” to confirm`, deleteYes: "Delete everything",
  unknownDevice: "Unknown device", device: (browser: string, system: string) => `${browser} on ${system}`, thisOne: "This one", lastUsed: "last used", end: "Log out", endTitle: "Log this one out?", endText: "It has to log in again.", apps: "Apps", noApps: "No apps are connected to your account.",
  invitesIntro: "Whoever has the link can sign up, whatever the site’s rules for joining.", maxUses: "How often it works", validFor: "Valid for", noLimit: "No limit", createInvite: "Create link", noInvites: "No invitations yet", copyInvite: "Copy link", revokeInvite: "Revoke", inviteCopied: "Link copied",
  used: (n: number) => (n === 1 ? "Used once" : `Used ${n} times`), usedOf: (n: number, all: number) => `${n} of ${all} used`, expires: (left: string) => `ends ${left}`, expired: (date: string) => `ended ${date}`,
};

export const filters = {
  create: "New filter", edit: "Edit filter", none: "No filters", noneText: "Hide posts with words you would rather not read.", delete: (title: string) => `Delete the filter ${title}`, title: "Name", words: "Words", word: "Word or phrase", whole: "Whole word", removeWord: "Remove word", addWord: "Add a word", where: "Where it works",
  contexts: { home: "Home and lists", notifications: "Notifications", public: "Public timelines", thread: "Conversations", account: "Profiles" },
  hide: "Hide completely", hideHint: "Otherwise the post is folded away behind the filter’s name.", expires: "Ends after", never: "Never",
};

export const moderation = {
  reports: "Reports", pending: "Sign-ups to approve", accounts: "Accounts", mailDomains: "Mail domains", addresses: "Addresses", audit: "Audit log", site: "Site", openAccount: "Open in moderation",
  open: "Open", resolved: "Resolved", noReports: "No reports", noReportsText: "A peaceful day.", noComment: "No comment", by: (name: string) => `by ${name}`, postsReported: (n: number) => (n === 1 ? "1 post" : `${n} posts`), assigned: (name: string) => `${name} is on it`,
  report: "Report", about: "About", reason: "Reason", comment: "Comment", reporter: "Reported by", when: "When", handledBy: "Handled by", reopen: "Reopen", assign: "I take it", unassign: "Give it back", resolve: "Resolved", act: "Act", deletePostText: "The post disappears for everyone. This cannot be undone.",
  actOn: (name: string) => `Act on ${name}`, what: "What should happen?", message: "Words to the person", messageHint: "They see this text.", mail: "Send it by e-mail too", done: "Done",
  actions: {
    none: { name: "Warn", text: "Only send the message." }, silence: { name: "Limit", text: "Their posts reach only people who follow them." }, disable: { name: "Freeze", text: "They cannot log in; their posts stay." }, suspend: { name: "Suspend", text: "Profile and posts disappear. It can be undone." },
  },
  filters: { active: "Active", silenced: "Limited", suspended: "Suspended", disabled: "Frozen", staff: "Team" }, findAccount: "Name, e-mail or address", noAccounts: "No accounts here", account: "Account",
  unconfirmed: "Not confirmed", waiting: "Waiting", suspended: "Suspended", silenced: "Limited", disabled: "Frozen", joined: "Joined", address: "Addresses", posts: "Posts",
  approve: "Approve", approved: (name: string) => `@${name} is in`, rejected: (name: string) => `@${name} was turned down`, nobodyWaits: "Nobody is waiting", nobodyWaitsText: "New requests to join appear here.", noReason: "No reason given", unsuspend: "Lift suspension", unsilence: "Lift limit", enable: "Unfreeze",
  mailDomainsText: "Nobody can sign up with an address at these domains.", domain: "Domain", blockIt: "Block", noDomains: "No mail domains are blocked", unblock: (what: string) => `Unblock ${what}`,
  addressRange: "Address or range", addressHint: "One address, or a range such as 203.0.113.0/24 or 2001:db8::/32.", severity: "What they may not do", severities: { sign_up_requires_approval: "Sign up without approval", sign_up_block: "Sign up at all", no_access: "Use this site at all" }, noAddresses: "No addresses are blocked",
  noAudit: "Nothing has happened yet", console: "The console",
  auditActions: {
    suspend: "suspended", unsuspend: "lifted the suspension of", silence: "limited", unsilence: "lifted the limit of", disable: "froze", enable: "unfroze", sensitive: "marked the pictures of", unsensitive: "unmarked the pictures of", warn: "warned", approve: "let in",
    reject: "turned down", delete: "deleted the account", confirm: "confirmed the address", reset_password: "reset the password of", role: "changed the role of", delete_status: "deleted a post of", assign_report: "took the report about", unassign_report: "gave back the report about",
    resolve_report: "resolved the report about", reopen_report: "reopened the report about", reclassify_report: "refiled the report about", email_domain_block: "blocked the mail domain", email_domain_unblock: "freed the mail domain", ip_block: "blocked the address", ip_unblock: "freed the address",
    site_change: "changed the settings of", setup: "set up",
  },
  extended: "About page", contactEmail: "Contact e-mail", reasonRequired: "Ask for a reason", rule: (n: number) => `Rule ${n}`, ruleHint: "In more words (optional)", addRule: "Add a rule", removeRule: (n: number) => `Remove rule ${n}`,
};
