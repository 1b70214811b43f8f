// Generated from features/events/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "events.keyAndValue": Readonly<Record<never, never>>;
  }
}
