// Deutsch.
import type { Messages } from ".";
import { filters, moderation, settings } from "./de-back";

const plural = (value: number, one: string, other: string): string => (value === 1 ? one : other);

const de: Messages = {
  common: { close: "Schließen", cancel: "Abbrechen", save: "Speichern", saved: "Gespeichert", delete: "Löschen", back: "Zurück", more: "Mehr anzeigen" },
  time: { now: "jetzt" },
  duration: (seconds) =>
    seconds < 3600 ? plural(seconds / 60, "1 Minute", `${seconds / 60} Minuten`)
    : seconds < 86_400 ? plural(seconds / 3600, "1 Stunde", `${seconds / 3600} Stunden`)
    : plural(seconds / 86_400, "1 Tag", `${seconds / 86_400} Tage`),
  errors: {
    tooMany: "Das war viel auf einmal. Bitte warte einen Moment und versuche es noch einmal.",
    unavailable: "Der Server macht eine kurze Pause. Bitte versuche es gleich noch einmal.",
    server: "Auf dem Server ist etwas schiefgegangen.",
    loggedOut: "Du bist nicht mehr angemeldet.",
    notFound: "Das gibt es hier nicht (mehr).",
    unreachable: "Der Server ist gerade nicht erreichbar.",
    offline: "Du bist offline.",
    checkFields: "Bitte schau dir die markierten Felder an.",
  },
  states: {
    loading: "Lädt …", trouble: "Das hat nicht geklappt", retry: "Noch einmal versuchen", offline: "Du bist offline. Was du siehst, ist vielleicht nicht aktuell.",
    reconnecting: "Verbindung wird wiederhergestellt …", notFound: "Hier ist nichts", notFoundText: "Diese Seite gibt es nicht, oder sie ist nicht für dich bestimmt.",
  },
  nav: {
    main: "Hauptnavigation", skip: "Zum Inhalt springen", home: "Start", local: "Lokal", public: "Alle", explore: "Entdecken", search: "Suche", notifications: "Mitteilungen",
    conversations: "Unterhaltungen", bookmarks: "Lesezeichen", favourites: "Favoriten", lists: "Listen", requests: "Folgeanfragen", moderation: "Moderation", settings: "Einstellungen",
    about: "Über uns", profile: "Profil", account: "Dein Konto", keys: "Tastenkürzel", timelines: "Zeitleisten", waiting: (n) => `${n} neu`,
  },
  panel: { label: "Mehr entdecken", trends: "Im Gespräch", people: "Leute zum Folgen", morePeople: "Mehr Leute ansehen", about: (site) => `Über ${site}`, privacy: "Datenschutz" },
  feed: { arrived: (n) => plural(n, "1 neuer Beitrag", `${n} neue Beiträge`), end: "Das war alles" },
  home: { emptyTitle: "Hier ist es still", emptyText: "Folge ein paar Leuten, und was sie schreiben, erscheint hier.", findPeople: "Leute finden" },
  public: {
    localIntro: (site) => `Alles Öffentliche von Leuten auf ${site}, das Neueste zuerst.`, publicIntro: "Alles Öffentliche, das diese Seite erreicht, das Neueste zuerst.",
    emptyTitle: "Noch hat niemand etwas geschrieben", emptyText: "Der erste Beitrag könnte deiner sein.",
  },
  post: {
    label: (name, age, text) => `${name}, ${age}: ${text}`,
    boosted: "hat geteilt", pinned: "Angeheftet", edited: "Bearbeitet", editedAt: (age) => `Bearbeitet ${age}`, continued: "Fortsetzung", replyTo: (name) => `Antwort an ${name}`,
    show: "Zeigen", hide: "Verbergen", filtered: (title) => `Gefiltert: ${title}`, showAnyway: "Trotzdem zeigen", more: "Mehr",
    reply: "Antworten", boost: "Teilen", unboost: "Nicht mehr teilen", notBoostable: "Dieser Beitrag kann nicht geteilt werden", favourite: "Favorisieren", unfavourite: "Aus den Favoriten entfernen",
    bookmark: "Lesezeichen setzen", unbookmark: "Lesezeichen entfernen", bookmarkAdded: "Lesezeichen gesetzt", bookmarkRemoved: "Lesezeichen entfernt", copyLink: "Link kopieren", linkCopied: "Link kopiert",
    muteThread: "Unterhaltung stummschalten", unmuteThread: "Unterhaltung nicht mehr stummschalten", pin: "Im Profil anheften", unpin: "Nicht mehr anheften", edit: "Bearbeiten", delete: "Löschen", deleted: "Beitrag gelöscht",
    deleteTitle: "Diesen Beitrag löschen?", deleteText: "Er verschwindet für alle, mit allem, was daran hängt. Das lässt sich nicht rückgängig machen.",
    boosts: (n) => plural(n, "Mal geteilt", "Mal geteilt"), favourites: (n) => plural(n, "Favorit", "Favoriten"), boostedBy: "Geteilt von", favouritedBy: "Favorisiert von", nobodyYet: "Noch niemand",
    history: "Frühere Fassungen", written: (date) => `Geschrieben ${date}`, changed: (date) => `Geändert ${date}`,
  },
  visibility: { public: "Öffentlich", unlisted: "Still öffentlich", private: "Folgende", direct: "Erwähnte" },
  visibilityHint: {
    public: "Alle können es sehen, überall", unlisted: "Alle können es sehen, aber nicht in öffentlichen Zeitleisten", private: "Nur wer dir folgt", direct: "Nur wen du erwähnst",
  },
  media: {
    noAlt: "Bild ohne Beschreibung", open: (label) => `Bild öffnen: ${label}`, viewer: (n, all) => `Bild ${n} von ${all}`, previous: "Voriges Bild", next: "Nächstes Bild",
    sensitive: "Heikles Bild – zeigen", hidden: "Bild zeigen", hide: "Bilder verbergen",
  },
  poll: {
    legend: "Umfrage", vote: "Abstimmen", votes: (n) => plural(n, "1 Stimme", `${n} Stimmen`), over: "Beendet", ends: (left) => `Endet ${left}`, results: "Ergebnis ansehen", back: "Zurück zur Wahl", refresh: "Auffrischen", yours: "Deine Wahl",
  },
  join: { title: (site) => `Komm zu ${site}`, text: "Mit einem Konto kannst du antworten, teilen, favorisieren und Leuten folgen – hier oder in jeder Mastodon-App." },
  report: {
    title: (name) => `${name} melden`, why: "Was stimmt nicht?", rules: "Welche Regeln sind verletzt?", comment: "Was sollte die Moderation noch wissen?", hint: "Nur die Moderation dieser Seite sieht deine Meldung.",
    send: "Melden", sent: "Danke. Die Moderation schaut es sich an.",
    category: { spam: "Spam", violation: "Es verstößt gegen die Regeln", legal: "Es ist strafbar", other: "Etwas anderes" },
  },
  profile: {
    follow: "Folgen", followBack: "Zurückfolgen", following: "Gefolgt", requested: "Angefragt", unfollow: "Entfolgen", unfollowTitle: (name) => `${name} nicht mehr folgen?`, unfollowText: "Die Beiträge erscheinen dann nicht mehr auf deiner Startseite.",
    unblock: "Nicht mehr blockieren", unmute: "Stummschaltung aufheben", locked: "Bestätigt Folgende", bot: "Automatisches Konto", followsYou: "Folgt dir", blocksYou: "Blockiert dich", edit: "Profil bearbeiten", notify: "Bei neuen Beiträgen benachrichtigen",
    note: "Private Notiz", addNote: "Private Notiz hinzufügen", noteHint: "Nur du siehst das", verified: "Bestätigt", more: (name) => `Mehr zu ${name}`, copyLink: "Link zum Profil kopieren",
    mention: (name) => `${name} erwähnen`, message: (name) => `${name} privat schreiben`, addToList: "Auf eine Liste setzen", hideBoosts: "Geteiltes ausblenden", showBoosts: "Geteiltes zeigen", removeFollower: "Als Folgende entfernen",
    mute: (name) => `${name} stummschalten`, muteText: "Du siehst die Beiträge nicht mehr. Niemand erfährt davon.", muteLength: "Wie lange?", forEver: "Bis ich es ändere", muteNotifications: "Auch Mitteilungen ausblenden", muteYes: "Stummschalten",
    block: (name) => `${name} blockieren`, blockText: "Ihr seht eure Beiträge gegenseitig nicht mehr und könnt euch nicht folgen.", blockYes: "Blockieren", report: (name) => `${name} melden`,
    posts: (n) => plural(n, "Beitrag", "Beiträge"), followingCount: "Gefolgt", followersCount: (_n) => "Folgende", followersTitle: "Folgende", since: (date) => `Seit ${date}`,
    tabs: "Beiträge dieses Profils", tabPosts: "Beiträge", tabReplies: "Mit Antworten", tabMedia: "Bilder", suspended: "Dieses Konto ist gesperrt",
    emptyTitle: "Noch nichts hier", emptyText: (name) => `${name} hat hier noch nichts geschrieben.`, goneTitle: "Niemand hier", goneText: (acct) => `Auf dieser Seite gibt es kein @${acct}.`,
    noFollowers: "Noch folgt niemand", noFollowing: "Folgt noch niemandem",
  },
  thread: { title: (name) => `Beitrag von ${name}`, plainTitle: "Beitrag", goneTitle: "Diesen Beitrag gibt es hier nicht", goneText: "Er wurde gelöscht, oder er ist nicht für dich bestimmt." },
  compose: {
    newTitle: "Neuer Beitrag", replyTitle: "Antworten", editTitle: "Beitrag bearbeiten", placeholder: "Was bewegt dich?", replyPlaceholder: "Schreib deine Antwort", replyTo: (name) => `${name} antworten`, text: "Text des Beitrags", send: "Posten", sendReply: "Antworten", sent: "Gepostet", seeIt: "Ansehen",
    warning: "Inhaltswarnung", addWarning: "Inhaltswarnung hinzufügen", removeWarning: "Inhaltswarnung entfernen", addPictures: "Bilder hinzufügen", pictures: "Bilder", removePicture: "Bild entfernen", uploading: "Wird hochgeladen", tooManyPictures: (n) => `In einen Beitrag passen höchstens ${n} Bilder.`, notAPicture: (name) => `${name} ist kein Bild, das gepostet werden kann.`,
    describe: "Bild beschreiben", altLabel: "Beschreibung für alle, die es nicht sehen können", altHint: "Was ist zu sehen, und worauf kommt es an? Ein, zwei Sätze.", focal: "Bildmittelpunkt", focalHint: "Tippe auf die Stelle, die beim Zuschneiden sichtbar bleiben soll.",
    addPoll: "Umfrage hinzufügen", removePoll: "Umfrage entfernen", poll: "Umfrage", option: (n) => `Antwort ${n}`, removeOption: (n) => `Antwort ${n} entfernen`, pollLength: "Offen für", pollMultiple: "Mehrere Antworten",
    visibilityIs: (name) => `Wer es sehen kann: ${name}`, languageIs: (name) => `Sprache: ${name}`, left: (n) => `Noch ${n} Zeichen`, suggestions: "Vorschläge",
    draftRestored: "Dein Entwurf von vorhin.", discardDraft: "Neu anfangen",
  },
  emoji: { title: "Emoji", search: "Emoji suchen", none: "Kein Emoji mit diesem Namen", recent: "Zuletzt benutzt", custom: "Von dieser Seite", groups: ["Smileys", "Menschen", "Bausteine", "Tiere & Natur", "Essen & Trinken", "Reisen & Orte", "Aktivitäten", "Gegenstände", "Symbole", "Flaggen"] },
  tag: {
    people: (n) => plural(n, "1 Person zuletzt", `${n} Personen zuletzt`), uses: (n) => plural(n, "1 Beitrag", `${n} Beiträge`), follow: "Folgen", following: "Gefolgt", write: "Schreiben",
    emptyTitle: "Noch nichts mit diesem Hashtag", emptyText: "Öffentliche Beiträge damit erscheinen hier.",
  },
  lists: {
    none: "Noch keine Listen", noneText: "Eine Liste ist eine Zeitleiste nur mit den Leuten, die du darauf setzt.", newTitle: "Name der neuen Liste", create: "Anlegen", manage: "Verwalten", title: "Name", replies: "Antworten zeigen an",
    policies: { none: "Niemanden", list: "Leute auf der Liste", followed: "Alle, denen ich folge" }, exclusive: "Auf der Startseite ausblenden", exclusiveHint: "Beiträge der Leute stehen dann nur in dieser Liste.",
    deleteTitle: (title) => `„${title}“ löschen?`, deleteText: "Für die Leute darauf ändert sich nichts.", members: "Auf dieser Liste", search: "Leute suchen, denen du folgst", add: "Hinzufügen", remove: "Entfernen", noMembers: "Noch ist niemand auf dieser Liste.",
    emptyTitle: "Bisher ist es still", emptyText: "Neue Beiträge der Leute auf dieser Liste erscheinen hier.", pick: (name) => `Listen mit ${name}`,
  },
  saved: { noBookmarks: "Keine Lesezeichen", noBookmarksText: "Hier stehen Beiträge mit Lesezeichen. Niemand sonst sieht sie.", noFavourites: "Keine Favoriten", noFavouritesText: "Hier stehen Beiträge, denen du einen Stern gegeben hast." },
  conversations: { emptyTitle: "Keine Unterhaltungen", emptyText: "Hier stehen Beiträge, die nur Erwähnte sehen können.", write: "Schreiben", unread: "Ungelesen", more: "Mehr zu dieser Unterhaltung", remove: "Unterhaltung entfernen", alone: "Nur du" },
  requests: { none: "Keine Anfragen", noneText: "Wenn dir jemand folgen möchte, kannst du hier antworten.", accept: "Annehmen", reject: "Ablehnen" },
  notifications: {
    all: "Alle", mentions: "Erwähnungen", more: "Mehr", clear: "Alle entfernen", clearText: "Alle Mitteilungen werden endgültig entfernt.", clearYes: "Entfernen", emptyTitle: "Nichts Neues", emptyText: "Wenn jemand auf dich reagiert, siehst du es hier.",
    and: "und", andOthers: (n) => `und ${n} weitere`, other: "hat etwas getan", picture: "Ein Bild", ownPoll: "– deine Umfrage ist beendet", poll: "– eine Umfrage, an der du teilgenommen hast, ist beendet", seeRequests: "Anfragen ansehen", seeReport: "Meldung ansehen",
    kinds: {
      favourite: "hat deinem Beitrag einen Stern gegeben", reblog: "hat deinen Beitrag geteilt", follow: "folgt dir", follow_request: "möchte dir folgen", update: "hat einen Beitrag bearbeitet, den du geteilt hast", mention: "hat dich erwähnt", status: "hat etwas geschrieben",
      "admin.sign_up": "hat sich angemeldet", "admin.report": "hat jemanden gemeldet", moderation_warning: "– eine Nachricht der Moderation", quote: "hat dich zitiert",
    },
    kindsMany: { favourite: "haben deinem Beitrag einen Stern gegeben", reblog: "haben deinen Beitrag geteilt", follow: "folgen dir", "admin.sign_up": "haben sich angemeldet" },
  },
  explore: {
    posts: "Beiträge", tags: "Hashtags", people: "Leute", welcome: (site) => `Willkommen bei ${site}`, welcomeText: "Ein Ort, der denen gehört, die ihn betreiben. Schau dich um, oder mach mit.",
    emptyTitle: "Noch fällt nichts auf", noTags: "Gerade wird kein Hashtag viel benutzt", noPeople: "Noch möchte niemand aufgeführt werden", order: "Reihenfolge", active: "Zuletzt aktiv", newest: "Neu hier",
  },
  search: {
    placeholder: "Suchen", kindsLabel: "Art der Treffer", kinds: { all: "Alle", accounts: "Leute", statuses: "Beiträge", hashtags: "Hashtags" }, startTitle: "Wonach suchst du?", startText: "Leute nach Namen, Hashtags, Wörter in Beiträgen oder die Adresse eines Beitrags.",
    nothing: (query) => `Nichts gefunden für „${query}“`, nothingText: "Vielleicht hilft ein anderes Wort, oder weniger Wörter.",
  },
  about: { rules: "Regeln", contact: "Kontakt", software: "Software", softwareText: "Diese Seite läuft mit Freehold: freier Software, auf eigenen Rechnern.", noPolicy: "Diese Seite hat ihre Datenschutzerklärung noch nicht aufgeschrieben." },
  keys: {
    posts: "Beiträge", go: "Gehe zu", write: "Beitrag schreiben", reply: "Antworten", favourite: "Favorisieren", boost: "Teilen", bookmark: "Lesezeichen", mention: "Erwähnen", profile: "Profil ansehen", open: "Öffnen", reveal: "Verborgenes zeigen oder verbergen",
    next: "Nächster Beitrag", previous: "Voriger Beitrag", search: "Suche", newer: "Neue Beiträge zeigen", help: "Diese Tastenkürzel",
  },
  auth: {
    logIn: "Anmelden", logOut: "Abmelden", signUp: "Konto anlegen", logInTitle: "Willkommen zurück", login: "Benutzername oder E-Mail", password: "Passwort", newPassword: "Neues Passwort", forgot: "Passwort vergessen?", noAccount: "Noch kein Konto?", haveAccount: "Schon ein Konto?",
    wrong: "Der Name oder das Passwort ist falsch.",
    reasons: { unconfirmed: "Bitte bestätige zuerst deine E-Mail-Adresse. Der Link ist in deiner Post.", pending: "Dein Konto wartet noch auf Freigabe.", suspended: "Dieses Konto wurde gesperrt." },
    signUpTitle: (site) => `Komm zu ${site}`, username: "Benutzername", usernameHint: (domain) => `Buchstaben, Ziffern und Unterstriche. Du bist dann @du@${domain}.`, email: "E-Mail", emailHint: "Du bekommst einen Link zum Bestätigen.",
    passwordHint: (n) => `Mindestens ${n} Zeichen. Ein kurzer Satz ist gut.`, reason: "Warum möchtest du mitmachen?", reasonHint: "Die Moderation liest das.", invite: "Einladungscode", agree: "Ich habe gelesen und akzeptiere:", apply: "Um Aufnahme bitten",
    modes: { approval: "Erzähl kurz etwas über dich. Jemand schaut es sich bald an.", open: "Es dauert eine Minute.", invite: "Du brauchst eine Einladung von jemandem, der schon hier ist." },
    closedTitle: "Die Anmeldung ist geschlossen", closedText: "Diese Seite nimmt zurzeit keine neuen Mitglieder auf.",
    after: {
      unconfirmed: { title: "Schau in deine Post", text: (email) => `Wir haben einen Link an ${email} geschickt. Er gilt einen Tag.` },
      pending: { title: "Danke", text: (_email) => "Jemand liest deine Anfrage bald. Du bekommst eine Mail, wenn dein Konto bereit ist." },
    },
    confirming: "Einen Moment", confirmed: "Bestätigt", confirmedText: "Deine Adresse ist bestätigt. Alles ist bereit.", confirmFailed: "Dieser Link funktioniert nicht", resendTitle: "Link noch einmal senden", resendText: "Gib die Adresse ein, mit der du dich angemeldet hast.", resend: "Link noch einmal senden",
    mailSent: "Wenn es ein Konto mit dieser Adresse gibt, ist eine Mail unterwegs.", forgotTitle: "Passwort vergessen?", forgotText: "Gib deine Adresse ein, und wir schicken dir einen Link für ein neues.", sendMail: "Link schicken", resetTitle: "Neues Passwort wählen", resetDone: "Fertig. Du kannst dich mit dem neuen Passwort anmelden; alle anderen Geräte wurden abgemeldet.",
  },
  setup: {
    title: "Ein eigener Ort", intro: "Dieser Link macht dich zum Eigentümer. Gib dem Ort einen Namen und dir ein Konto.", site: "Der Ort", siteTitle: "Name der Seite", siteTitleExample: "Hafengasse", description: "In einem Satz", descriptionHint: "Das sehen Leute, bevor sie mitmachen.",
    registrations: "Wer darf mitmachen?", you: "Du", go: "Türen öffnen", goneTitle: "Schon eingerichtet", goneText: "Diese Seite hat schon jemanden, dem sie gehört. Melde dich mit deinem Konto an.", needLink: "Der Server zeigt beim Start einen einmaligen Link. Öffne diesen.",
    modes: {
      approval: { name: "Mit Freigabe", text: "Leute fragen, du sagst ja." }, open: { name: "Alle", text: "Wer kommt, kann sich anmelden." }, invite: { name: "Auf Einladung", text: "Mitglieder laden Leute ein, die sie kennen." }, closed: { name: "Niemand", text: "Vorerst keine neuen Konten." },
    },
  },
  settings,
  filters,
  moderation,
};

export default de;
