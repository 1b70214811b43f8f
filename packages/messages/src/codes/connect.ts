// Generated from packages/server/words/en/connect.json by `npm run messages`: do not edit.
export {};

declare module "../index.ts" {
  interface MessageCatalogue {
    "connect.diskFull": Readonly<Record<never, never>>;
    "connect.historyBehind": Readonly<Record<never, never>>;
    "connect.historyTakesNoSamples": Readonly<Record<never, never>>;
  }
}
