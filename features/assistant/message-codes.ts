// Generated from features/assistant/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "assistant.answerCharacters": { readonly count: MessageParam; readonly max: MessageParam };
    "assistant.assistantNeverChangesLive": Readonly<Record<never, never>>;
    "assistant.branchNoFactor": { readonly key: MessageParam };
    "assistant.idOrBranchNeeded": Readonly<Record<never, never>>;
    "assistant.mayNot": { readonly key: MessageParam; readonly min: MessageParam; readonly max: MessageParam; readonly unit: MessageParam; readonly value: MessageParam };
    "assistant.noServerAnswers": { readonly origin: MessageParam; readonly reason: MessageParam };
    "assistant.nothingKnown": { readonly at: MessageParam; readonly begin: MessageParam };
    "assistant.optimisation": { readonly state: MessageParam; readonly reason: MessageParam };
    "assistant.optimisationNotDoneAfter10Minutes": { readonly id: MessageParam };
    "assistant.pathLeadsOutAasApi": { readonly path: MessageParam };
    "assistant.run": { readonly state: MessageParam; readonly message: MessageParam };
    "assistant.runNotDoneAfter10Minutes": { readonly id: MessageParam };
    "assistant.serverAnswered": { readonly status: MessageParam };
  }
}
