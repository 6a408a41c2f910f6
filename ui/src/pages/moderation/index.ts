// Everything for moderators, fetched together.
export { AccountDetails, Accounts, Pending } from "./accounts";
export { Audit } from "./audit";
export { Addresses, MailDomains } from "./blocks";
export { Independence } from "./independence";
export { Report, Reports } from "./reports";
export { SiteSettings } from "./site";
