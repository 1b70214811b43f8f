// Generated from features/assets/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "assets.aggregationMethodMust": { readonly aggregates: MessageParam };
    "assets.fileCannotReadNow": { readonly reason: MessageParam };
    "assets.filesWaitRead": { readonly max: MessageParam };
    "assets.importSentApplicationOctetStreamFile": Readonly<Record<never, never>>;
    "assets.moreRecords": { readonly max: MessageParam };
    "assets.moreSteps": { readonly max: MessageParam };
    "assets.mustLieBefore": Readonly<Record<never, never>>;
    "assets.noElement": { readonly path: MessageParam };
    "assets.noIdShort": { readonly idShort: MessageParam; readonly reason: MessageParam };
    "assets.noShell": { readonly reason: MessageParam; readonly name: MessageParam };
    "assets.noShellId": { readonly aasId: MessageParam };
    "assets.noShellOfRecord": { readonly shellId: MessageParam };
    "assets.noSignalBelongsShell": { readonly shellId: MessageParam };
    "assets.noSignalId": { readonly id: MessageParam };
    "assets.noSubmodel": { readonly id: MessageParam };
    "assets.packageCarriesMostSamples": { readonly max: MessageParam };
    "assets.partsImported": { readonly reason: MessageParam; readonly done: MessageParam; readonly count: MessageParam };
    "assets.readingFileGivenUp": { readonly signal: MessageParam; readonly heapMb: MessageParam; readonly withinMs: MessageParam };
    "assets.samplesBefore": { readonly thinned: MessageParam };
    "assets.samplesBeforeThinnedRetentionSignal": { readonly thinned: MessageParam };
    "assets.samplingIntervalMustSeconds": Readonly<Record<never, never>>;
    "assets.signalBelongsNoShell": { readonly name: MessageParam };
    "assets.timespanMinMustLieBeforeTimespan": Readonly<Record<never, never>>;
    "assets.timespanMustInstantTimeZone": { readonly end: MessageParam };
  }
}
