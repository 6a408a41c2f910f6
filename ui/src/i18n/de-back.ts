// Deutsche Wörter der Einstellungen und der Moderation.
import type { Messages } from ".";

export const settings: Messages["settings"] = {
  profile: "Profil", profileText: "Name, Worte über dich, Bilder", appearance: "Aussehen", appearanceText: "Farben, Sprache, Bewegung", privacy: "Privatsphäre", privacyText: "Wer dir folgen und dich finden darf", filters: "Filter", filtersText: "Wörter, die du lieber nicht liest",
  account: "Konto", accountText: "E-Mail, Passwort, Löschen", sessions: "Geräte und Apps", sessionsText: "Wo du angemeldet bist", invites: "Einladungen", invitesText: "Leute hereinholen",
  header: "Titelbild", avatar: "Dein Bild", displayName: "Anzeigename", note: "Über dich", noteHint: "Links, @Erwähnungen und #Hashtags funktionieren.", fields: "Angaben", fieldsHint: "Bis zu vier: deine Homepage, Pronomen, was du magst.", fieldName: "Bezeichnung", fieldValue: "Inhalt",
  bot: "Automatisches Konto", botHint: "Es schreibt meistens von selbst.",
  theme: "Farben", themes: { auto: "Wie mein Gerät", light: "Hell", dark: "Dunkel" }, language: "Sprache", media: "Bilder", mediaChoices: { default: "Heikle verbergen", show_all: "Alle gleich zeigen", hide_all: "Alle verbergen, bis ich tippe" },
  expandWarnings: "Inhaltswarnungen gleich öffnen", expandWarningsHint: "Den Text hinter Warnungen ohne Tippen zeigen.", reduceMotion: "Weniger Bewegung", reduceMotionHint: "Keine Animationen, und Profilbilder stehen still.",
  locked: "Folgende bestätigen", lockedHint: "Wer dir folgen will, muss fragen.", discoverable: "Im Verzeichnis zeigen", discoverableHint: "Andere finden dich unter den Leuten hier und in Vorschlägen.", indexable: "Für Suchmaschinen freigeben", indexableHint: "Deine öffentlichen Beiträge können in Suchen auftauchen.",
  hideCollections: "Verbergen, wem ich folge", hideCollectionsHint: "Andere sehen die Zahlen, nicht die Listen.", postingVisibility: "Neue Beiträge sind", sensitive: "Meine Bilder als heikel markieren", sensitiveHint: "Sie sind verschwommen, bis jemand tippt.",
  blocks: "Blockierte", mutes: "Stummgeschaltete", noBlocks: "Niemand ist blockiert", noMutes: "Niemand ist stummgeschaltet",
  currentPassword: "Jetziges Passwort", passwordHint: "Alle anderen Geräte werden abgemeldet.", changePassword: "Passwort ändern", passwordChanged: "Passwort geändert. Andere Geräte wurden abgemeldet.", emailNow: (email) => `Jetzt: ${email}`, newEmail: "Neue E-Mail", changeEmail: "E-Mail ändern", emailMailed: (email) => `Wir haben einen Link an ${email} geschickt. Die neue Adresse gilt, sobald du ihn öffnest.`,
  deleteTitle: "Mein Konto löschen", deleteText: "Dein Profil, deine Beiträge und Bilder, wem du folgst und alles andere von dir wird endgültig entfernt, und niemand kann deinen Namen wieder benutzen.", deleteName: (name) => `Zum Bestätigen „${name}“ eingeben`, deleteYes: "Alles löschen",
  unknownDevice: "Unbekanntes Gerät", device: (browser, system) => `${browser} auf ${system}`, thisOne: "Dieses", lastUsed: "zuletzt benutzt", end: "Abmelden", endTitle: "Dieses abmelden?", endText: "Es muss sich neu anmelden.", apps: "Apps", noApps: "Mit deinem Konto sind keine Apps verbunden.",
  invitesIntro: "Wer den Link hat, kann sich anmelden, was auch immer sonst für neue Mitglieder gilt.", maxUses: "Wie oft er gilt", validFor: "Gültig für", noLimit: "Unbegrenzt", createInvite: "Link anlegen", noInvites: "Noch keine Einladungen", copyInvite: "Link kopieren", revokeInvite: "Zurückziehen", inviteCopied: "Link kopiert",
  used: (n) => (n === 1 ? "Einmal benutzt" : `${n}-mal benutzt`), usedOf: (n, all) => `${n} von ${all} benutzt`, expires: (left) => `endet ${left}`, expired: (date) => `endete ${date}`,
};

export const filters: Messages["filters"] = {
  create: "Neuer Filter", edit: "Filter bearbeiten", none: "Keine Filter", noneText: "Verbirg Beiträge mit Wörtern, die du lieber nicht liest.", delete: (title) => `Filter ${title} löschen`, title: "Name", words: "Wörter", word: "Wort oder Wendung", whole: "Ganzes Wort", removeWord: "Wort entfernen", addWord: "Wort hinzufügen", where: "Wo er gilt",
  contexts: { home: "Start und Listen", notifications: "Mitteilungen", public: "Öffentliche Zeitleisten", thread: "Unterhaltungen", account: "Profile" },
  hide: "Ganz verbergen", hideHint: "Sonst wird der Beitrag hinter dem Namen des Filters eingeklappt.", expires: "Endet nach", never: "Nie",
};

export const moderation: Messages["moderation"] = {
  reports: "Meldungen", pending: "Aufnahmen", accounts: "Konten", mailDomains: "Mail-Domains", addresses: "Adressen", audit: "Protokoll", site: "Seite", openAccount: "In der Moderation öffnen",
  open: "Offen", resolved: "Erledigt", noReports: "Keine Meldungen", noReportsText: "Ein friedlicher Tag.", noComment: "Ohne Kommentar", by: (name) => `von ${name}`, postsReported: (n) => (n === 1 ? "1 Beitrag" : `${n} Beiträge`), assigned: (name) => `${name} kümmert sich`,
  report: "Meldung", about: "Worum es geht", reason: "Grund", comment: "Kommentar", reporter: "Gemeldet von", when: "Wann", handledBy: "Bearbeitet von", reopen: "Wieder öffnen", assign: "Ich übernehme", unassign: "Zurückgeben", resolve: "Erledigt", act: "Handeln", deletePostText: "Der Beitrag verschwindet für alle. Das lässt sich nicht rückgängig machen.",
  actOn: (name) => `${name}: handeln`, what: "Was soll geschehen?", message: "Worte an die Person", messageHint: "Sie sieht diesen Text.", mail: "Auch per E-Mail senden", done: "Erledigt",
  actions: {
    none: { name: "Verwarnen", text: "Nur die Nachricht senden." }, silence: { name: "Einschränken", text: "Beiträge erreichen nur noch Folgende." }, disable: { name: "Einfrieren", text: "Anmelden geht nicht mehr; Beiträge bleiben." }, suspend: { name: "Sperren", text: "Profil und Beiträge verschwinden. Es lässt sich zurücknehmen." },
  },
  filters: { active: "Aktiv", silenced: "Eingeschränkt", suspended: "Gesperrt", disabled: "Eingefroren", staff: "Team" }, findAccount: "Name, E-Mail oder Adresse", noAccounts: "Hier sind keine Konten", account: "Konto",
  unconfirmed: "Unbestätigt", waiting: "Wartet", suspended: "Gesperrt", silenced: "Eingeschränkt", disabled: "Eingefroren", joined: "Dabei seit", address: "Adressen", posts: "Beiträge",
  approve: "Aufnehmen", approved: (name) => `@${name} ist dabei`, rejected: (name) => `@${name} wurde abgelehnt`, nobodyWaits: "Niemand wartet", nobodyWaitsText: "Neue Anfragen erscheinen hier.", noReason: "Ohne Begründung", unsuspend: "Sperre aufheben", unsilence: "Einschränkung aufheben", enable: "Auftauen",
  mailDomainsText: "Mit einer Adresse bei diesen Domains kann sich niemand anmelden.", domain: "Domain", blockIt: "Blockieren", noDomains: "Keine Mail-Domains sind blockiert", unblock: (what) => `${what} nicht mehr blockieren`,
  addressRange: "Adresse oder Bereich", addressHint: "Eine Adresse oder ein Bereich wie 203.0.113.0/24 oder 2001:db8::/32.", severity: "Was sie nicht dürfen", severities: { sign_up_requires_approval: "Sich ohne Freigabe anmelden", sign_up_block: "Sich überhaupt anmelden", no_access: "Diese Seite überhaupt benutzen" }, noAddresses: "Keine Adressen sind blockiert",
  noAudit: "Noch ist nichts geschehen", console: "Die Konsole",
  auditActions: {
    suspend: "hat gesperrt:", unsuspend: "hat die Sperre aufgehoben:", silence: "hat eingeschränkt:", unsilence: "hat die Einschränkung aufgehoben:", disable: "hat eingefroren:", enable: "hat aufgetaut:", sensitive: "hat die Bilder markiert:", unsensitive: "hat die Bilder freigegeben:", warn: "hat verwarnt:", approve: "hat aufgenommen:",
    reject: "hat abgelehnt:", delete: "hat das Konto gelöscht:", confirm: "hat die Adresse bestätigt:", reset_password: "hat das Passwort zurückgesetzt:", role: "hat die Rolle geändert:", delete_status: "hat einen Beitrag gelöscht von", assign_report: "hat die Meldung übernommen zu", unassign_report: "hat die Meldung zurückgegeben zu",
    resolve_report: "hat die Meldung erledigt zu", reopen_report: "hat die Meldung wieder geöffnet zu", reclassify_report: "hat die Meldung neu eingeordnet zu", email_domain_block: "hat die Mail-Domain blockiert:", email_domain_unblock: "hat die Mail-Domain freigegeben:", ip_block: "hat die Adresse blockiert:", ip_unblock: "hat die Adresse freigegeben:",
    site_change: "hat die Einstellungen geändert von", setup: "hat eingerichtet:",
  },
  extended: "Über-uns-Seite", contactEmail: "Kontakt-E-Mail", reasonRequired: "Nach einem Grund fragen", rule: (n) => `Regel ${n}`, ruleHint: "Ausführlicher (freiwillig)", addRule: "Regel hinzufügen", removeRule: (n) => `Regel ${n} entfernen`,
};
