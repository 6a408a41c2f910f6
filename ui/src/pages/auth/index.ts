// The pages before the door, fetched together.
export { Confirm } from "./confirm";
export { Login } from "./login";
export { Forgot, Reset } from "./password";
export { Setup } from "./setup";
export { Signup } from "./signup";
