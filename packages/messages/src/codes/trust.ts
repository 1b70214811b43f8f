// Generated from packages/server/words/en/trust.json by `npm run messages`: do not edit.
export {};

declare module "../index.ts" {
  interface MessageCatalogue {
    "trust.linkedReadOnly": Readonly<Record<never, never>>;
    "trust.notAllowed": { readonly action: MessageParam; readonly on: string; readonly roles: MessageParam };
    "trust.notAllowedWithoutRole": { readonly action: MessageParam; readonly on: string };
  }
}
