// Generated from packages/server/words/en/operations.json by `npm run messages`: do not edit.
export {};

declare module "../index.ts" {
  interface MessageCatalogue {
    "operations.noAlarmRule": { readonly rule: MessageParam };
    "operations.shelvingAlarmNeedsReasonEndFuture": Readonly<Record<never, never>>;
  }
}
