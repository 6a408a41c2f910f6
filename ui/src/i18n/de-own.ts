// Deutsche Wörter der Seite „Unabhängigkeit“.
import type { Messages } from ".";

const days = (n: number): string => (n === 1 ? "einen Tag" : `${n} Tage`);
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
    mail: {
      title: "Mail",
      stops: "Bestätigungen und neue Passwörter warten hier in einer Schlange, und niemand Neues kommt herein, bis ein Weg wieder da ist.",
      today: "Habe Wege bei zwei Anbietern und als letzten deinen eigenen: mail.route = sendmail. Dann darf jeder jederzeit ausfallen.",
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
    in_step: (_n, _what) => "Die Uhr wird nach anderen gestellt",
    adrift: (_n, _what) => "Nichts stellt die Uhr nach anderen",
  },
};
