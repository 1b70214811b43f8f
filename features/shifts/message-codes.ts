// Generated from features/shifts/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "shifts.noLine": Readonly<Record<never, never>>;
  }
}
