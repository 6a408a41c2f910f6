// Everything of the settings, fetched together.
export { AccountSettings } from "./account";
export { AppearanceSettings } from "./appearance";
export { FilterEdit, Filters } from "./filters";
export { SettingsIndex } from "./frame";
export { Blocks, Mutes, PrivacySettings } from "./privacy";
export { ProfileSettings } from "./profile";
export { InviteSettings, SessionSettings } from "./sessions";
export { TransferSettings } from "./transfers";
