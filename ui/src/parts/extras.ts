// Windows that are opened seldom, fetched together when the first of them is.
export { Lightbox } from "./lightbox";
export { ListPicker } from "./list-picker";
export { MuteDialog } from "./mute-dialog";
export { PrivateNote } from "./private-note";
export { Report } from "./report";
