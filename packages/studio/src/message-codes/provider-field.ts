// Generated from packages/studio/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "settings.providerField.base": Readonly<Record<never, never>>;
    "settings.providerField.bindDn": Readonly<Record<never, never>>;
    "settings.providerField.bindPassword": Readonly<Record<never, never>>;
    "settings.providerField.clientId": Readonly<Record<never, never>>;
    "settings.providerField.clientSecret": Readonly<Record<never, never>>;
    "settings.providerField.filter": Readonly<Record<never, never>>;
    "settings.providerField.groupBase": Readonly<Record<never, never>>;
    "settings.providerField.groupsClaim": Readonly<Record<never, never>>;
    "settings.providerField.idAttribute": Readonly<Record<never, never>>;
    "settings.providerField.issuer": Readonly<Record<never, never>>;
    "settings.providerField.loginAttribute": Readonly<Record<never, never>>;
    "settings.providerField.name": Readonly<Record<never, never>>;
    "settings.providerField.nameAttribute": Readonly<Record<never, never>>;
    "settings.providerField.url": Readonly<Record<never, never>>;
  }
}
