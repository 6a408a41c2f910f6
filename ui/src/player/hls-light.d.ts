// The package types its whole build only; the light one has the same names.
declare module "hls.js/light" {
  export { default, Events, ErrorTypes } from "hls.js";
}
