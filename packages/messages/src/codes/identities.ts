// Generated from packages/server/words/en/identities.json by `npm run messages`: do not edit.
export {};

declare module "../index.ts" {
  interface MessageCatalogue {
    "identities.connectionsNewer": { readonly path: MessageParam };
    "identities.connectionsNotRead": { readonly path: MessageParam };
    "identities.linkForGood": Readonly<Record<never, never>>;
    "identities.noIdentity": { readonly id: MessageParam };
    "identities.notRead": { readonly line: MessageParam; readonly path: MessageParam };
  }
}
