// Generated from features/changes/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "changes.branchRequestClosed": { readonly id: MessageParam };
    "changes.forkBeginsInstantPast": Readonly<Record<never, never>>;
    "changes.simulationOff": Readonly<Record<never, never>>;
  }
}
