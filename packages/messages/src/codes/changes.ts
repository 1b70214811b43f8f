// Generated from packages/server/words/en/changes.json by `npm run messages`: do not edit.
export {};

declare module "../index.ts" {
  interface MessageCatalogue {
    "changes.logApprove": { readonly name: MessageParam };
    "changes.logConfirmed": Readonly<Record<never, never>>;
    "changes.logConnect": { readonly name: MessageParam };
    "changes.logConnectionChanged": { readonly name: MessageParam };
    "changes.logDerivedSignals": Readonly<Record<never, never>>;
    "changes.logFork": { readonly name: MessageParam };
    "changes.logForkOfProposal": { readonly name: MessageParam };
    "changes.logImport": { readonly name: MessageParam };
    "changes.logMerge": { readonly name: MessageParam };
    "changes.logPropose": { readonly name: MessageParam };
    "changes.logProposeTwin": { readonly name: MessageParam };
    "changes.logReject": { readonly name: MessageParam };
    "changes.logRequestComment": Readonly<Record<never, never>>;
    "changes.logRequestDescribed": Readonly<Record<never, never>>;
    "changes.logRequestResults": Readonly<Record<never, never>>;
    "changes.logUndo": { readonly name: MessageParam };
    "changes.logWithdraw": { readonly name: MessageParam };
  }
}
