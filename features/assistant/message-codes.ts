// Generated from features/assistant/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "assistant.answerCharacters": { readonly count: MessageParam; readonly max: MessageParam };
    "assistant.assistantNeverChangesLive": Readonly<Record<never, never>>;
    "assistant.branchNoFactor": { readonly key: MessageParam };
    "assistant.idOrBranchNeeded": Readonly<Record<never, never>>;
    "assistant.lineOrLines": Readonly<Record<never, never>>;
    "assistant.mayNot": { readonly key: MessageParam; readonly min: MessageParam; readonly max: MessageParam; readonly unit: MessageParam; readonly value: MessageParam };
    "assistant.noServerAnswers": { readonly origin: MessageParam; readonly reason: MessageParam };
    "assistant.noSuchLine": { readonly line: MessageParam; readonly count: number; readonly lines: MessageParam };
    "assistant.noSuchPlace": { readonly place: MessageParam };
    "assistant.nothingKnown": { readonly at: MessageParam; readonly begin: MessageParam };
    "assistant.optimisation": { readonly state: MessageParam; readonly reason: MessageParam };
    "assistant.optimisationNotDoneAfter10Minutes": { readonly id: MessageParam };
    "assistant.pathLeadsOutAasApi": { readonly path: MessageParam };
    "assistant.placeHoldsLines": { readonly place: MessageParam; readonly lines: MessageParam };
    "assistant.run": { readonly state: MessageParam; readonly message: MessageParam };
    "assistant.runNotDoneAfter10Minutes": { readonly id: MessageParam };
    "assistant.serverAnswered": { readonly status: MessageParam };
    "assistant.severalPlaces": { readonly place: MessageParam; readonly places: MessageParam };
  }
}
