// English. The other languages have the same keys; the type checker and `npm run check` see to it.
import { moderation, settings, filters } from "./en-back";

const plural = (value: number, one: string, other: string): string => (value === 1 ? one : other);

export default {
  common: { close: "Close", cancel: "Cancel", save: "Save", saved: "Saved", delete: "Delete", back: "Back", more: "Show more" },
  time: { now: "now" },
  duration: (seconds: number): string =>
    seconds < 3600 ? plural(seconds / 60, "1 minute", `${seconds / 60} minutes`)
    : seconds < 86_400 ? plural(seconds / 3600, "1 hour", `${seconds / 3600} hours`)
    : plural(seconds / 86_400, "1 day", `${seconds / 86_400} days`),
  errors: {
    tooMany: "That was a lot at once. Please wait a moment and try again.",
    unavailable: "The server is taking a short break. Please try again in a moment.",
    server: "Something went wrong on the server.",
    loggedOut: "You are not logged in any more.",
    notFound: "This is not here (any more).",
    unreachable: "The server cannot be reached right now.",
    offline: "You are offline.",
    checkFields: "Please have a look at the marked fields.",
  },
  states: {
    loading: "Loading …", trouble: "That did not work", retry: "Try again", offline: "You are offline. What you see may be out of date.",
    reconnecting: "Reconnecting …", notFound: "Nothing here", notFoundText: "This page does not exist, or it is not for you to see.",
  },
  nav: {
    main: "Main navigation", skip: "Skip to the content", home: "Home", local: "Local", public: "Everyone", explore: "Explore", search: "Search", notifications: "Notifications",
    conversations: "Conversations", bookmarks: "Bookmarks", favourites: "Favourites", lists: "Lists", requests: "Follow requests", moderation: "Moderation", settings: "Settings",
    about: "About", profile: "Profile", account: "Your account", keys: "Keyboard shortcuts", timelines: "Timelines", waiting: (n: number) => `${n} new`,
  },
  panel: { label: "More to discover", trends: "Being talked about", people: "People to follow", morePeople: "See more people", about: (site: string) => `About ${site}`, privacy: "Privacy" },
  feed: { arrived: (n: number) => plural(n, "1 new post", `${n} new posts`), end: "That is all" },
  home: { emptyTitle: "It is quiet here", emptyText: "Follow a few people, and what they write appears here.", findPeople: "Find people" },
  public: {
    localIntro: (site: string) => `Everything public from people on ${site}, newest first.`, publicIntro: "Everything public that reaches this site, newest first.",
    emptyTitle: "Nobody has written anything yet", emptyText: "The first post could be yours.",
  },
  post: {
    label: (name: string, age: string, text: string) => `${name}, ${age}: ${text}`,
    boosted: "boosted", pinned: "Pinned", edited: "Edited", editedAt: (age: string) => `Edited ${age}`, continued: "Continued", replyTo: (name: string) => `Reply to ${name}`,
    show: "Show", hide: "Hide", filtered: (title: string) => `Filtered: ${title}`, showAnyway: "Show anyway", more: "More",
    reply: "Reply", boost: "Boost", unboost: "Undo boost", notBoostable: "This post cannot be boosted", favourite: "Favourite", unfavourite: "Remove from favourites",
    bookmark: "Bookmark", unbookmark: "Remove bookmark", bookmarkAdded: "Bookmarked", bookmarkRemoved: "Bookmark removed", copyLink: "Copy link", linkCopied: "Link copied",
    muteThread: "Mute this conversation", unmuteThread: "Unmute this conversation", pin: "Pin to profile", unpin: "Unpin from profile", edit: "Edit", delete: "Delete", deleted: "Post deleted",
    deleteTitle: "Delete this post?", deleteText: "It disappears for everyone, with its boosts, favourites and pictures. This cannot be undone.",
    boosts: (n: number) => plural(n, "boost", "boosts"), favourites: (n: number) => plural(n, "favourite", "favourites"), boostedBy: "Boosted by", favouritedBy: "Favourited by", nobodyYet: "Nobody yet",
    history: "Edit history", written: (date: string) => `Written ${date}`, changed: (date: string) => `Changed ${date}`,
  },
  visibility: { public: "Public", unlisted: "Quietly public", private: "Followers", direct: "Mentioned people" },
  visibilityHint: {
    public: "Everyone can see it, everywhere", unlisted: "Everyone can see it, but it is not in public timelines", private: "Only people who follow you", direct: "Only people you mention",
  },
  media: {
    noAlt: "Picture without description", open: (label: string) => `Open picture: ${label}`, viewer: (n: number, all: number) => `Picture ${n} of ${all}`, previous: "Previous picture", next: "Next picture",
    sensitive: "Sensitive picture – show", hidden: "Show picture", hide: "Hide pictures",
  },
  poll: {
    legend: "Poll", vote: "Vote", votes: (n: number) => plural(n, "1 vote", `${n} votes`), over: "Closed", ends: (left: string) => `Closes ${left}`, results: "See results", back: "Back to voting", refresh: "Refresh", yours: "Your choice",
  },
  join: { title: (site: string) => `Join ${site}`, text: "With an account you can reply, boost, favourite and follow people – here, or in any Mastodon app." },
  report: {
    title: (name: string) => `Report ${name}`, why: "What is wrong?", rules: "Which rules are broken?", comment: "Anything else the moderators should know?", hint: "Only the moderators of this site see your report.",
    send: "Send report", sent: "Thank you. The moderators will look at it.",
    category: { spam: "Spam", violation: "It breaks the rules", legal: "It is illegal", other: "Something else" },
  },
  profile: {
    follow: "Follow", followBack: "Follow back", following: "Following", requested: "Requested", unfollow: "Unfollow", unfollowTitle: (name: string) => `Unfollow ${name}?`, unfollowText: "Their posts will no longer be in your home timeline.",
    unblock: "Unblock", unmute: "Unmute", locked: "Approves followers", bot: "Automated account", followsYou: "Follows you", blocksYou: "Blocks you", edit: "Edit profile", notify: "Notify me about new posts",
    note: "Private note", addNote: "Add a private note", noteHint: "Only you can see this", verified: "Verified", more: (name: string) => `More about ${name}`, copyLink: "Copy link to profile",
    mention: (name: string) => `Mention ${name}`, message: (name: string) => `Write to ${name} privately`, addToList: "Add to a list", hideBoosts: "Hide their boosts", showBoosts: "Show their boosts", removeFollower: "Remove this follower",
    mute: (name: string) => `Mute ${name}`, muteText: "You will not see their posts. They will not know.", muteLength: "For how long?", forEver: "Until I change it", muteNotifications: "Hide notifications from them too", muteYes: "Mute",
    block: (name: string) => `Block ${name}`, blockText: "They cannot see your posts or follow you, and you will not see theirs.", blockYes: "Block", report: (name: string) => `Report ${name}`,
    posts: (n: number) => plural(n, "post", "posts"), followingCount: "Following", followersCount: (n: number) => plural(n, "follower", "followers"), followersTitle: "Followers", since: (date: string) => `Since ${date}`,
    tabs: "Posts of this profile", tabPosts: "Posts", tabReplies: "With replies", tabMedia: "Pictures", suspended: "This account is suspended",
    emptyTitle: "Nothing here yet", emptyText: (name: string) => `${name} has not posted anything here.`, goneTitle: "Nobody here", goneText: (acct: string) => `There is no @${acct} on this site.`,
    noFollowers: "No followers yet", noFollowing: "Not following anyone yet",
  },
  thread: { title: (name: string) => `Post by ${name}`, plainTitle: "Post", goneTitle: "This post is not here", goneText: "It was deleted, or it is not for you to see." },
  compose: {
    newTitle: "New post", replyTitle: "Reply", editTitle: "Edit post", placeholder: "What is on your mind?", replyPlaceholder: "Write your reply", replyTo: (name: string) => `Reply to ${name}`, text: "Text of the post", send: "Post", sendReply: "Reply", sent: "Posted", seeIt: "See it",
    warning: "Content warning", addWarning: "Add a content warning", removeWarning: "Remove the content warning", addPictures: "Add pictures", pictures: "Pictures", removePicture: "Remove picture", uploading: "Uploading", tooManyPictures: (n: number) => `At most ${n} pictures fit in a post.`, notAPicture: (name: string) => `${name} is not a picture that can be posted.`,
    describe: "Describe this picture", altLabel: "Description for people who cannot see it", altHint: "What is in it, and what matters about it? One or two sentences.", focal: "Focal point", focalHint: "Tap the spot that must stay visible when the picture is cropped.",
    addPoll: "Add a poll", removePoll: "Remove the poll", poll: "Poll", option: (n: number) => `Choice ${n}`, removeOption: (n: number) => `Remove choice ${n}`, pollLength: "Open for", pollMultiple: "Several choices",
    visibilityIs: (name: string) => `Who can see it: ${name}`, languageIs: (name: string) => `Language: ${name}`, left: (n: number) => plural(n, "1 character left", `${n} characters left`), suggestions: "Suggestions",
    draftRestored: "Your draft from before.", discardDraft: "Start over",
  },
  emoji: { title: "Emoji", search: "Search emoji", none: "No emoji with that name", recent: "Recently used", custom: "Of this site", groups: ["Smileys", "People", "Components", "Animals & nature", "Food & drink", "Travel & places", "Activities", "Objects", "Symbols", "Flags"] },
  tag: {
    people: (n: number) => plural(n, "1 person lately", `${n} people lately`), uses: (n: number) => plural(n, "1 post", `${n} posts`), follow: "Follow", following: "Following", write: "Write",
    emptyTitle: "Nothing with this hashtag yet", emptyText: "Public posts with it appear here.",
  },
  lists: {
    none: "No lists yet", noneText: "A list is a timeline of just the people you put on it.", newTitle: "Name of the new list", create: "Create", manage: "Manage", title: "Name", replies: "Show replies to",
    policies: { none: "Nobody", list: "Members of the list", followed: "Anyone I follow" }, exclusive: "Hide them from home", exclusiveHint: "Posts of the members are then only in this list.",
    deleteTitle: (title: string) => `Delete “${title}”?`, deleteText: "The people on it stay as they are.", members: "On this list", search: "Search people you follow", add: "Add", remove: "Remove", noMembers: "Nobody is on this list yet.",
    emptyTitle: "Quiet so far", emptyText: "New posts of the people on this list appear here.", pick: (name: string) => `Lists with ${name}`,
  },
  saved: { noBookmarks: "No bookmarks", noBookmarksText: "Posts you bookmark are here. Nobody else sees them.", noFavourites: "No favourites", noFavouritesText: "Posts you gave a star are here." },
  conversations: { emptyTitle: "No conversations", emptyText: "Posts that only mentioned people can see are here.", write: "Write", unread: "Unread", more: "More about this conversation", remove: "Remove conversation", alone: "Only you" },
  requests: { none: "No requests", noneText: "When somebody asks to follow you, you can answer here.", accept: "Accept", reject: "Reject" },
  notifications: {
    all: "All", mentions: "Mentions", more: "More", clear: "Clear all", clearText: "All notifications are removed for good.", clearYes: "Clear", emptyTitle: "Nothing new", emptyText: "When people react to you, you will see it here.",
    and: "and", andOthers: (n: number) => `and ${n} others`, other: "did something", picture: "A picture", ownPoll: "– your poll has ended", poll: "– a poll you voted in has ended", seeRequests: "See requests", seeReport: "See report",
    kinds: {
      favourite: "gave your post a star", reblog: "boosted your post", follow: "follows you", follow_request: "would like to follow you", update: "edited a post you boosted", mention: "mentioned you", status: "posted",
      "admin.sign_up": "signed up", "admin.report": "reported somebody", moderation_warning: "– a message from the moderators", quote: "quoted you",
    },
    kindsMany: { favourite: "gave your post a star", reblog: "boosted your post", follow: "follow you", "admin.sign_up": "signed up" },
  },
  explore: {
    posts: "Posts", tags: "Hashtags", people: "People", welcome: (site: string) => `Welcome to ${site}`, welcomeText: "A place of its own, run by the people who own it. Look around, or join in.",
    emptyTitle: "Nothing stands out yet", noTags: "No hashtags are being used much", noPeople: "Nobody wants to be listed yet", order: "Order", active: "Recently active", newest: "New here",
  },
  search: {
    placeholder: "Search", kindsLabel: "Kind of results", kinds: { all: "All", accounts: "People", statuses: "Posts", hashtags: "Hashtags" }, startTitle: "What are you looking for?", startText: "People by name, hashtags, words in posts, or the address of a post.",
    nothing: (query: string) => `Nothing found for “${query}”`, nothingText: "Another word, or fewer of them, may help.",
  },
  about: { rules: "Rules", contact: "Contact", software: "Software", softwareText: "This site runs on Freehold: free software, on its owners’ own machines.", noPolicy: "This site has not written down its privacy policy yet." },
  keys: {
    posts: "Posts", go: "Go to", write: "Write a post", reply: "Reply", favourite: "Favourite", boost: "Boost", bookmark: "Bookmark", mention: "Mention the author", profile: "Profile of the author", open: "Open", reveal: "Show or hide what is hidden",
    next: "Next post", previous: "Previous post", search: "Search", newer: "Show new posts", help: "These shortcuts",
  },
  auth: {
    logIn: "Log in", logOut: "Log out", signUp: "Create account", logInTitle: "Welcome back", login: "Username or e-mail", password: "Password", newPassword: "New password", forgot: "Forgot your password?", noAccount: "No account yet?", haveAccount: "Already have an account?",
    wrong: "The name or the password is wrong.",
    reasons: { unconfirmed: "Please confirm your e-mail address first. The link is in your mail.", pending: "Your account is still waiting to be approved.", suspended: "This account has been suspended." },
    signUpTitle: (site: string) => `Join ${site}`, username: "Username", usernameHint: (domain: string) => `Letters, numbers and underscores. You will be @you@${domain}.`, email: "E-mail", emailHint: "You will get a link to confirm it.",
    passwordHint: (n: number) => `At least ${n} characters. A short sentence is good.`, reason: "Why would you like to join?", reasonHint: "The moderators read this.", invite: "Invitation code", agree: "I have read and accept:", apply: "Ask to join",
    modes: { approval: "Tell us a little about yourself. Somebody will look at it soon.", open: "It takes a minute.", invite: "You need an invitation from somebody who is already here." },
    closedTitle: "Registrations are closed", closedText: "This site does not take new members at the moment.",
    after: {
      unconfirmed: { title: "Look into your mail", text: (email: string) => `We have sent a link to ${email}. It is valid for a day.` },
      pending: { title: "Thank you", text: (_email: string) => "Somebody will read your request soon. You will get a mail when your account is ready." },
    },
    confirming: "One moment", confirmed: "Confirmed", confirmedText: "Your address is confirmed. Everything is ready.", confirmFailed: "This link does not work", resendTitle: "Send the link again", resendText: "Enter the address you signed up with.", resend: "Send the link again",
    mailSent: "If there is an account with this address, a mail is on its way.", forgotTitle: "Forgot your password?", forgotText: "Enter your address, and we will send you a link to choose a new one.", sendMail: "Send me a link", resetTitle: "Choose a new password", resetDone: "Done. You can log in with your new password; all other devices were logged out.",
  },
  setup: {
    title: "A place of your own", intro: "This link made you the owner. Give the place a name, and yourself an account.", site: "The place", siteTitle: "Name of the site", siteTitleExample: "Harbour Lane", description: "In one sentence", descriptionHint: "People see it before they join.",
    registrations: "Who may join?", you: "You", go: "Open the doors", goneTitle: "Already set up", goneText: "This site has an owner. Log in with your account.", needLink: "The server prints a one-time link when it starts. Open that one.",
    modes: {
      approval: { name: "By approval", text: "People ask, you say yes." }, open: { name: "Anyone", text: "Whoever comes can sign up." }, invite: { name: "By invitation", text: "Members invite people they know." }, closed: { name: "Nobody", text: "No new accounts for now." },
    },
  },
  settings,
  filters,
  moderation,
};
