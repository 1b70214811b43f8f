// Generated from packages/server/words/en/messages.json by `npm run messages`: do not edit.
export {};

declare module "../index.ts" {
  interface MessageCatalogue {
    "messages.bodyOf": { readonly endpoint: MessageParam };
    "messages.eventStreamQuery": Readonly<Record<never, never>>;
    "messages.faultAt": { readonly path: MessageParam; readonly fault: MessageParam };
    "messages.faultBig": { readonly origin: string; readonly inclusive: string; readonly limit: MessageParam };
    "messages.faultElement": Readonly<Record<never, never>>;
    "messages.faultFormat": { readonly format: MessageParam };
    "messages.faultKey": Readonly<Record<never, never>>;
    "messages.faultKeys": { readonly count: number; readonly keys: MessageParam };
    "messages.faultMissing": { readonly expected: string };
    "messages.faultMultiple": { readonly divisor: MessageParam };
    "messages.faultPattern": { readonly pattern: MessageParam };
    "messages.faultSmall": { readonly origin: string; readonly inclusive: string; readonly limit: string };
    "messages.faultType": { readonly expected: string; readonly received: string };
    "messages.faultUnion": Readonly<Record<never, never>>;
    "messages.faultValue": { readonly count: number; readonly values: MessageParam };
    "messages.faultsOf": { readonly subject: MessageParam; readonly faults: MessageParam };
    "messages.fromBeforeTo": Readonly<Record<never, never>>;
    "messages.kindNewer": { readonly version: MessageParam; readonly kind: MessageParam; readonly present: MessageParam };
    "messages.nothingToChange": Readonly<Record<never, never>>;
    "messages.queryOf": { readonly endpoint: MessageParam };
  }
}
