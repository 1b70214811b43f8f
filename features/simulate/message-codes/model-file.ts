// Generated from features/simulate/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "simulate.modelFile.about": Readonly<Record<never, never>>;
    "simulate.modelFile.beside": Readonly<Record<never, never>>;
    "simulate.modelFile.choose": Readonly<Record<never, never>>;
    "simulate.modelFile.emptyText": Readonly<Record<never, never>>;
    "simulate.modelFile.emptyTitle": Readonly<Record<never, never>>;
    "simulate.modelFile.example": Readonly<Record<never, never>>;
    "simulate.modelFile.inside": Readonly<Record<never, never>>;
    "simulate.modelFile.made": Readonly<Record<never, never>>;
    "simulate.modelFile.more": Readonly<Record<never, never>>;
    "simulate.modelFile.moreFindings": { readonly count: MessageParam };
    "simulate.modelFile.open": Readonly<Record<never, never>>;
    "simulate.modelFile.refused": { readonly name: MessageParam };
    "simulate.modelFile.seed": Readonly<Record<never, never>>;
    "simulate.modelFile.stopped": Readonly<Record<never, never>>;
    "simulate.modelFile.why.custom": Readonly<Record<never, never>>;
    "simulate.modelFile.why.endless": Readonly<Record<never, never>>;
    "simulate.modelFile.why.noJson": Readonly<Record<never, never>>;
    "simulate.modelFile.why.noModel": Readonly<Record<never, never>>;
    "simulate.modelFile.why.tooLarge": Readonly<Record<never, never>>;
    "simulate.modelFile.why.tooMany": Readonly<Record<never, never>>;
  }
}
