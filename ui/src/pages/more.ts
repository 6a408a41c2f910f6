// The pages beside the timelines, fetched together when the first of them is shown.
export { About, NotFound, Privacy, Shortcuts } from "./about";
export { Bookmarks, Favourites, ListTimeline, TagPage } from "./collections";
export { Conversations } from "./conversations";
export { Directory, Explore, ExploreTags, Search } from "./explore";
export { HistoryPage } from "./history";
export { ListEdit, Lists } from "./lists";
export { FollowRequests, Follows, Reactions } from "./people-lists";
export { Share } from "./share";
