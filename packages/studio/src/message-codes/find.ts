// Generated from packages/studio/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "settings.find.access": Readonly<Record<never, never>>;
    "settings.find.accessCheck": Readonly<Record<never, never>>;
    "settings.find.accounts": Readonly<Record<never, never>>;
    "settings.find.authenticator": Readonly<Record<never, never>>;
    "settings.find.classes": Readonly<Record<never, never>>;
    "settings.find.controls": Readonly<Record<never, never>>;
    "settings.find.credentials": Readonly<Record<never, never>>;
    "settings.find.identities": Readonly<Record<never, never>>;
    "settings.find.jobs": Readonly<Record<never, never>>;
    "settings.find.look": Readonly<Record<never, never>>;
    "settings.find.machines": Readonly<Record<never, never>>;
    "settings.find.notice": Readonly<Record<never, never>>;
    "settings.find.packs": Readonly<Record<never, never>>;
    "settings.find.passkeys": Readonly<Record<never, never>>;
    "settings.find.pin": Readonly<Record<never, never>>;
    "settings.find.places": Readonly<Record<never, never>>;
    "settings.find.privacy": Readonly<Record<never, never>>;
    "settings.find.protection": Readonly<Record<never, never>>;
    "settings.find.providers": Readonly<Record<never, never>>;
    "settings.find.server": Readonly<Record<never, never>>;
    "settings.find.signIns": Readonly<Record<never, never>>;
    "settings.find.terminals": Readonly<Record<never, never>>;
    "settings.find.transparency": Readonly<Record<never, never>>;
    "settings.find.worlds": Readonly<Record<never, never>>;
    "settings.find.you": Readonly<Record<never, never>>;
    "settings.find.yourData": Readonly<Record<never, never>>;
  }
}
