// Fetched when the first film or sound is played.
export { Player } from "./player";
export { Theatre } from "./theatre";
