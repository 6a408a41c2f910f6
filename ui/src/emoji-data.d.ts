// Modules that build.mjs makes from emojibase.
declare module "emoji:en" {
  const rows: import("./compose/emojis").EmojiRow[];
  export default rows;
}
declare module "emoji:de" {
  const rows: import("./compose/emojis").EmojiRow[];
  export default rows;
}
