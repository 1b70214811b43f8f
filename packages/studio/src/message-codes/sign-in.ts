// Generated from packages/studio/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "settings.signIn.address": Readonly<Record<never, never>>;
    "settings.signIn.authenticator": Readonly<Record<never, never>>;
    "settings.signIn.authenticatorOff": Readonly<Record<never, never>>;
    "settings.signIn.begun": Readonly<Record<never, never>>;
    "settings.signIn.browser": Readonly<Record<never, never>>;
    "settings.signIn.changes": Readonly<Record<never, never>>;
    "settings.signIn.codeReused": Readonly<Record<never, never>>;
    "settings.signIn.device": Readonly<Record<never, never>>;
    "settings.signIn.end": Readonly<Record<never, never>>;
    "settings.signIn.first": Readonly<Record<never, never>>;
    "settings.signIn.from": { readonly time: MessageParam; readonly device: MessageParam; readonly address: MessageParam };
    "settings.signIn.help": Readonly<Record<never, never>>;
    "settings.signIn.joined": Readonly<Record<never, never>>;
    "settings.signIn.last": { readonly time: MessageParam; readonly device: MessageParam; readonly address: MessageParam };
    "settings.signIn.me": Readonly<Record<never, never>>;
    "settings.signIn.newLink": Readonly<Record<never, never>>;
    "settings.signIn.news": Readonly<Record<never, never>>;
    "settings.signIn.noChanges": Readonly<Record<never, never>>;
    "settings.signIn.notMe": Readonly<Record<never, never>>;
    "settings.signIn.offlinePassword": Readonly<Record<never, never>>;
    "settings.signIn.passkey": Readonly<Record<never, never>>;
    "settings.signIn.passkeyOff": Readonly<Record<never, never>>;
    "settings.signIn.password": Readonly<Record<never, never>>;
    "settings.signIn.passwordOff": Readonly<Record<never, never>>;
    "settings.signIn.recoveryCodes": Readonly<Record<never, never>>;
    "settings.signIn.seen": Readonly<Record<never, never>>;
    "settings.signIn.sessions": Readonly<Record<never, never>>;
    "settings.signIn.this": Readonly<Record<never, never>>;
  }
}
