// Generated from packages/server/words/en/sync.json by `npm run messages`: do not edit.
export {};

declare module "../index.ts" {
  interface MessageCatalogue {
    "sync.fieldChangedByOther": { readonly field: MessageParam; readonly id: MessageParam };
    "sync.name160Characters": Readonly<Record<never, never>>;
    "sync.recordChangedByOther": { readonly id: MessageParam };
    "sync.recordExists": { readonly id: MessageParam };
    "sync.recordGone": { readonly id: MessageParam };
    "sync.samplesFrame": { readonly message: MessageParam };
    "sync.serverSpeaksProtocol": { readonly protocolVersion: MessageParam; readonly protocol: MessageParam };
  }
}
