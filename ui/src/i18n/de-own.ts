// Deutsche Wörter der Seite „Unabhängigkeit“.
import type { Messages } from ".";

const days = (n: number): string => (n === 1 ? "einen Tag" : `${n} Tage`);
const ago = (n: number): string => (n < 1 ? "heute" : `vor ${daysAgo(n)}`);
const daysAgo = (n: number): string => (n === 1 ? "einem Tag" : `${n} Tagen`);

export const independence: Messages["independence"] = {
  title: "Unabhängigkeit",
  intro:
    "Alle außerhalb dieses Hauses, auf die es angewiesen ist: ob sie antworten, was stillsteht, wenn sie ausfallen, und was heute zu tun ist.",
  looking: "Alle werden gefragt. Das dauert höchstens fünf Sekunden.",
  again: "Noch einmal fragen",
  dependencies: "Abhängigkeiten",
  status: {
    fine: "Alles ist gut",
    care: "Etwas ist zu tun",
    broken: "Etwas ist weg",
  },
  statusText: {
    fine: "Alle antworten, und nichts hängt an einem einzigen Faden.",
    care: "Alles Nötige geht. Manches davon nicht mehr lange, oder es hängt an einem einzigen Faden.",
    broken: "Kümmere dich zuerst darum. Was davon abhängt, steht still.",
  },
  copies: {
    title: "Kopien anderswo",
    backups: "Sicherungen",
    made: (date, to) => `Die letzte wurde am ${date} gemacht, in ${to}.`,
    neverMade: (to) => `In ${to} wurde noch keine gemacht.`,
    verified: (date) => `Zur Probe zurückgeholt am ${date}: Sie war ganz.`,
    unsound: (date) => `Zur Probe zurückgeholt am ${date}: Sie war NICHT ganz.`,
    sent: (n, size, seconds) =>
      `${n === 1 ? "Was sie geschickt hat" : `Was jede der letzten ${n} geschickt hat`}. Die letzte: ${size} in ${seconds} s.`,
    sentChart: (n, most) => `Bytes, die jede der letzten ${n} Sicherungen geschickt hat, höchstens ${most}`,
    standby: (name) => `Standby ${name}`,
    invited: "Er ist eingeladen und noch nicht gekommen.",
    neverHeard: "Er ist da und hat sich seither nicht gemeldet.",
    silent: (date) => `Er hat sich zuletzt am ${date} gemeldet.`,
    copying: (step, steps) => `Er holt die erste Kopie: Tabelle ${step} von ${steps}.`,
    comparing: (step, steps) => `Er war lange weg und vergleicht: Tabelle ${step} von ${steps}.`,
    follows: (seconds) => `Er folgt, ${seconds} s zurück.`,
    lag: (most) => `Wie weit er zurücklag, seit diese Seite offen ist: höchstens ${most} s.`,
    lagChart: (most) => `Sekunden zurück im Lauf der Zeit, höchstens ${most}`,
    mediaMove: "Bilder und Filme ziehen um",
    moving: (from, to) => `Von ${from} nach ${to}. Niemand merkt es; neue kommen gleich an den neuen Ort.`,
    moved: (moved, found) => `${moved} von ${found} Dateien sind dort.`,
    movedSoFar: (moved, found) => `${moved} Dateien sind dort; ${found} wurden bisher gefunden.`,
  },
  drill: {
    title: "Die letzte Probe des Umzugs",
    good: (date) => `Am ${date} wurde eine Kopie dieses Netzwerks gemacht, geöffnet und ausprobiert.`,
    bad: (date, why) => `Am ${date} ist sie gescheitert: ${why}`,
    found: (rows, files, compared, lost) =>
      `${rows} Zeilen und ${files} Dateien wurden kopiert; ${compared} zufällig gezogene Zeilen wurden verglichen, ${lost === 0 ? "und alle waren dort wie hier" : `und ${lost} fehlten oder waren andere`}.`,
    copy: "Kopiert",
    open: "Geöffnet",
    write: "Erster neuer Beitrag",
    seconds: (n) => `${n} s`,
  },
  severity: { fine: "Gut", care: "Zu tun", broken: "Weg" },
  stops: "Wenn es ausfällt",
  today: "Heute",
  parties: {
    dns: {
      title: "Namensdienst (DNS)",
      stops: "Niemand findet das Netzwerk mehr: Was Apps und Browser sich vom Namen merken, hält Minuten, höchstens Stunden.",
      today:
        "Bewahre die Zone als eigene Datei auf, kenne einen zweiten DNS-Anbieter und lass die Adresse höchstens 300 Sekunden gelten. Dann dauert ein Umzug Minuten.",
    },
    registrar: {
      title: "Registrar der Domain",
      stops: "Der Name selbst, und mit ihm alle Kontonamen. Nichts anderes hier kann ihn ersetzen.",
      today: "Zahle Jahre im Voraus, sperre den Transfer und bewahre den Zugang dort auf, wo du ihn ohne Mail dieser Domain erreichst.",
    },
    address: {
      title: "Öffentliche Adresse",
      stops: "Apps und Browser erreichen nichts, obwohl drinnen alles gut ist.",
      today: "Wisse, wie es ohne die Vorderseite geht: server.listen und ein eigenes Zertifikat sind drei Zeilen der Einstellungen.",
    },
    certificate: {
      title: "Zertifikat",
      stops: "An dem Tag, an dem es endet, verbinden sich Browser und Apps nicht mehr.",
      today: "Lass es von selbst erneuern, achte auf die Tage, die bleiben, und kenne eine zweite Stelle, die dir eines gäbe.",
    },
    database: {
      title: "Datenbank",
      stops: "Alles: Nichts kann gelesen oder geschrieben werden.",
      today:
        "Bewahre anderswo Sicherungen auf (freehold backup) oder halte einen Standby (freehold standby), und probiere einmal, ob ein Netzwerk daraus startet.",
    },
    store: {
      title: "Speicher der Bilder und Filme",
      stops: "Bilder und Filme werden nicht gezeigt und können nicht gepostet werden. Worte gehen weiter.",
      today:
        "Kopiere die Medien hin und wieder anderswohin: freehold copy VON NACH. Um ganz zu gehen: freehold media migrate --to SPEICHER.",
    },
    backup: {
      title: "Sicherungen",
      stops: "Dann ist, was diese Maschine hat, alles, was es gibt: Mit ihren Platten geht alles.",
      today:
        "Lass sie von selbst entstehen, bei jemand anderem (backup.to, backup.key), und bewahre die Schlüsseldatei an einem dritten Ort auf.",
    },
    standby: {
      title: "Standby",
      stops: "Zu übernehmen heißt dann, eine Sicherung zurückzuspielen: Minuten bis Stunden, und die letzten Sekunden können fehlen.",
      today:
        "Lass eine Maschine bei einem anderen Anbieter eine Kopie halten (freehold standby invite) und wisse, wie sie übernimmt: freehold promote.",
    },
    rehearsal: {
      title: "Probe des Umzugs",
      stops: "Dann ist das erste Mal, dass jemand zu gehen versucht, der Tag, an dem es gelingen muss.",
      today: "Probe es: freehold drill tut es neben dem laufenden Netzwerk und rührt nichts an; mit drill.every geschieht es von selbst.",
    },
    mail: {
      title: "Mail",
      stops: "Bestätigungen und neue Passwörter warten hier in einer Schlange, und niemand Neues kommt herein, bis ein Weg wieder da ist.",
      today: "Habe Wege bei zwei Anbietern und als letzten deinen eigenen: mail.route = sendmail. Dann darf jeder jederzeit ausfallen.",
    },
    sms: {
      title: "SMS",
      stops: "Codes für Telefone warten hier in einer Schlange, und niemand Neues kommt herein, bis ein Weg wieder da ist.",
      today:
        "Habe Wege bei zwei Anbietern und als letzten dein eigenes Modem: sms.route = gammu:/DATEI. Dann darf jeder jederzeit ausfallen.",
    },
    clock: {
      title: "Uhrzeit",
      stops:
        "Geht die Uhr um Minuten falsch, scheinen Zertifikate abgelaufen, Objektspeicher weisen uns ab, und Beiträge stehen in falscher Reihenfolge.",
      today: "Betreibe einen Zeitdienst (chrony, systemd-timesyncd), der mehrere Server fragt.",
    },
  },
  sayings: {
    answers: (_n, _what) => "antwortet",
    inside: (_n, _what) => "ist ein Teil dieser Maschine: Niemand sonst wird gebraucht",
    silent: (_n, what) => `antwortet nicht: ${what}`,
    unsure: (_n, what) => `ist von hier nicht zu erreichen: ${what}`,
    leads: (_n, what) => `führt zu ${what}`,
    no_domain: (_n, _what) => "Keine Domain ist eingestellt (server.domain): Das Netzwerk ist nur unter einer Adresse zu finden",
    not_told: (_n, _what) => "Niemand hat gesagt, wer den Namen hält und bis wann (server.registrar, server.registered_until)",
    held: (n, _what) => `hält den Namen noch ${days(n)}`,
    held_short: (n, _what) => `hält den Namen nur noch ${days(n)}`,
    held_over: (n, _what) => `der Name war bis vor ${daysAgo(n)} bezahlt`,
    good: (n, _what) => `gilt noch ${days(n)}`,
    ends: (n, _what) => `gilt nur noch ${days(n)}: Es sollte längst erneuert sein`,
    ended: (n, _what) => `ist vor ${daysAgo(n)} abgelaufen`,
    unreadable: (_n, what) => `ist nicht zu gebrauchen: ${what}`,
    route_silent: (_n, what) => `antwortet nicht, und die anderen tragen seine Mails: ${what}`,
    one_route: (_n, _what) => "ist der einzige Weg: Fällt er aus, kommt niemand Neues herein",
    no_route: (_n, _what) => "Kein Weg ist eingestellt (mail.route): Mails werden in Dateien geschrieben, die jemand weitertragen muss",
    not_needed: (_n, _what) => "Kein Weg ist eingestellt, und niemand muss eine Adresse bestätigen",
    mails_wait: (n, _what) =>
      n === 1 ? "Eine Mail wartet darauf, verschickt zu werden" : `${n} Mails warten darauf, verschickt zu werden`,
    sms_silent: (_n, what) => `antwortet nicht, und die anderen tragen ihre SMS: ${what}`,
    no_sms: (_n, _what) => "Kein Weg ist eingestellt (sms.route), und niemand muss ein Telefon bestätigen",
    sms_wait: (n, _what) => (n === 1 ? "Eine SMS wartet darauf, verschickt zu werden" : `${n} SMS warten darauf, verschickt zu werden`),
    sms_capped: (n, _what) => `${n} SMS gingen heute hinaus, und mehr dürfen es nicht sein (sms.per_day): Andere warten bis morgen`,
    no_backup: (_n, _what) => "Von selbst werden keine gemacht (backup.to)",
    no_place: (_n, what) => `dort kann jetzt keine Sicherung entstehen: ${what}`,
    backup_never: (_n, _what) => "hat noch keine Sicherung",
    backup_made: (n, _what) => `bekam die letzte ${n < 1 ? "in der letzten Stunde" : n === 1 ? "vor einer Stunde" : `vor ${n} Stunden`}`,
    backup_old: (n, _what) => `bekam die letzte vor ${n} Stunden, und das ist zu lange her`,
    backup_unread: (_n, _what) => "Keine wurde je zurückgespielt, um zu sehen, ob sie heil ist (backup.verify)",
    backup_read: (n, _what) => `Die neueste wurde ${ago(n)} zurückgespielt, verglichen und für heil befunden`,
    backup_unsound: (_n, _what) => "Die neueste, die zum Vergleich zurückgespielt wurde, war nicht heil: Das Protokoll sagt, was fehlt",
    no_standby: (_n, _what) => "Keine andere Maschine hält eine Kopie, die übernehmen könnte",
    follows: (n, _what) => `folgt, gehört vor ${n < 1 ? "einem Augenblick" : n === 1 ? "einer Sekunde" : `${n} Sekunden`}`,
    standby_behind: (n, _what) => `folgt und liegt ${n === 1 ? "eine Minute" : `${n} Minuten`} zurück`,
    standby_silent: (n, _what) =>
      `wurde seit ${n === 1 ? "einer Minute" : `${n} Minuten`} nicht gehört: Was seither geschrieben wurde, ist dort nicht`,
    no_lease: (_n, _what) =>
      "standby.lease ist nicht gesetzt: Reißt die Leitung zwischen beiden und wird die Kopie mit Gewalt befördert, nehmen beide Beiträge an, bis sie voneinander hören, und was nach ihrem letzten Eintrag kam, fehlt in ihr",
    lease_over: (n, _what) => `Kein Standby wurde seit ${n} Sekunden gehört, darum kann nichts geschrieben werden (standby.lease)`,
    never_rehearsed: (_n, _what) => "Niemand hat je probiert, ob dieses Netzwerk anderswo startet (freehold drill)",
    rehearsed: (n, _what) => `Es gelang ${ago(n)}`,
    rehearsed_long_ago: (n, _what) => `Es gelang, aber das war ${ago(n)}`,
    rehearsal_failed: (n, _what) => `Die letzte, ${ago(n)}, ist gescheitert: freehold drill zeigt, warum`,
    in_step: (_n, _what) => "Die Uhr wird nach anderen gestellt",
    adrift: (_n, _what) => "Nichts stellt die Uhr nach anderen",
  },
};
