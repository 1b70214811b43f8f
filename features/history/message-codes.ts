// Generated from features/history/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "history.mostSignalsStandSideSide": { readonly max: MessageParam; readonly count: MessageParam };
    "history.mostSteps": { readonly max: MessageParam };
    "history.noSignalId": { readonly id: MessageParam };
    "history.periodLiesFutureOrShorterBuckets": Readonly<Record<never, never>>;
    "history.samplesBeforeThinnedRetentionSignal": { readonly thinned: MessageParam };
    "history.statesBucketsTooMuchAnswer": { readonly count: MessageParam; readonly points: MessageParam };
    "history.wideLayoutNeedsStepSeconds": Readonly<Record<never, never>>;
  }
}
