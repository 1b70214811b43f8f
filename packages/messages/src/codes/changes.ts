// Generated from packages/server/words/en/changes.json by `npm run messages`: do not edit.
export {};

declare module "../index.ts" {
  interface MessageCatalogue {
    "changes.logApprove": { readonly name: MessageParam };
    "changes.logApproveSolo": { readonly name: MessageParam };
    "changes.logAssetsMade": { readonly count: number; readonly name: MessageParam };
    "changes.logBalance": Readonly<Record<never, never>>;
    "changes.logConditions": { readonly name: MessageParam };
    "changes.logConfirmed": Readonly<Record<never, never>>;
    "changes.logConnect": { readonly name: MessageParam };
    "changes.logConnectionChanged": { readonly name: MessageParam };
    "changes.logConnectionDescribed": { readonly name: MessageParam };
    "changes.logDerivedSignals": Readonly<Record<never, never>>;
    "changes.logFork": { readonly name: MessageParam };
    "changes.logForkOfProposal": { readonly name: MessageParam };
    "changes.logImport": { readonly name: MessageParam };
    "changes.logImportPart": { readonly name: MessageParam; readonly part: MessageParam; readonly parts: MessageParam };
    "changes.logInterfaceOffered": Readonly<Record<never, never>>;
    "changes.logLayout": Readonly<Record<never, never>>;
    "changes.logLineMade": { readonly count: number; readonly name: MessageParam };
    "changes.logMappingBound": Readonly<Record<never, never>>;
    "changes.logMerge": { readonly name: MessageParam };
    "changes.logModel": { readonly name: MessageParam; readonly shell: MessageParam };
    "changes.logOptimised": { readonly name: MessageParam };
    "changes.logProposalDismissed": { readonly name: MessageParam };
    "changes.logProposalRestored": { readonly name: MessageParam };
    "changes.logPropose": { readonly name: MessageParam };
    "changes.logProposeTwin": { readonly name: MessageParam };
    "changes.logReject": { readonly name: MessageParam };
    "changes.logRequestComment": Readonly<Record<never, never>>;
    "changes.logRequestDescribed": Readonly<Record<never, never>>;
    "changes.logRequestResults": Readonly<Record<never, never>>;
    "changes.logSignalDeclared": { readonly name: MessageParam };
    "changes.logSoloAllowed": Readonly<Record<never, never>>;
    "changes.logSoloEnded": Readonly<Record<never, never>>;
    "changes.logUndo": { readonly name: MessageParam };
    "changes.logWithdraw": { readonly name: MessageParam };
  }
}
