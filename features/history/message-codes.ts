// Generated from features/history/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "history.inspector.trend": Readonly<Record<never, never>>;
    "history.mostSignalsStandSideSide": { readonly max: MessageParam; readonly count: MessageParam };
    "history.mostSteps": { readonly max: MessageParam };
    "history.noSignalId": { readonly id: MessageParam };
    "history.periodLiesFutureOrShorterBuckets": Readonly<Record<never, never>>;
    "history.samplesBeforeThinnedRetentionSignal": { readonly thinned: MessageParam };
    "history.settings.damageText": Readonly<Record<never, never>>;
    "history.settings.damageUnknown": Readonly<Record<never, never>>;
    "history.settings.damagedFiles": Readonly<Record<never, never>>;
    "history.settings.history": Readonly<Record<never, never>>;
    "history.settings.keeps": Readonly<Record<never, never>>;
    "history.settings.missing": { readonly count: number };
    "history.settings.more": { readonly count: MessageParam };
    "history.settings.notSince": { readonly moment: MessageParam };
    "history.settings.nothingMissing": Readonly<Record<never, never>>;
    "history.settings.recordFrom": Readonly<Record<never, never>>;
    "history.settings.unwritten": Readonly<Record<never, never>>;
    "history.settings.yes": Readonly<Record<never, never>>;
    "history.statesBucketsTooMuchAnswer": { readonly count: MessageParam; readonly points: MessageParam };
    "history.trend.addSignal": Readonly<Record<never, never>>;
    "history.trend.band.name": Readonly<Record<never, never>>;
    "history.trend.band.percentiles": Readonly<Record<never, never>>;
    "history.trend.band.range": Readonly<Record<never, never>>;
    "history.trend.chooseText": Readonly<Record<never, never>>;
    "history.trend.chooseTitle": Readonly<Record<never, never>>;
    "history.trend.column.before": Readonly<Record<never, never>>;
    "history.trend.column.high": Readonly<Record<never, never>>;
    "history.trend.column.low": Readonly<Record<never, never>>;
    "history.trend.column.mean": Readonly<Record<never, never>>;
    "history.trend.dashed": { readonly what: MessageParam };
    "history.trend.export": Readonly<Record<never, never>>;
    "history.trend.exportFailed": Readonly<Record<never, never>>;
    "history.trend.file.package": Readonly<Record<never, never>>;
    "history.trend.file.png": Readonly<Record<never, never>>;
    "history.trend.file.samplesCsv": Readonly<Record<never, never>>;
    "history.trend.file.samplesParquet": Readonly<Record<never, never>>;
    "history.trend.file.tableCsv": Readonly<Record<never, never>>;
    "history.trend.file.tableParquet": Readonly<Record<never, never>>;
    "history.trend.from": Readonly<Record<never, never>>;
    "history.trend.hint": Readonly<Record<never, never>>;
    "history.trend.means.percentiles": Readonly<Record<never, never>>;
    "history.trend.means.range": Readonly<Record<never, never>>;
    "history.trend.signal": Readonly<Record<never, never>>;
    "history.trend.signals": Readonly<Record<never, never>>;
    "history.trend.span.10m": Readonly<Record<never, never>>;
    "history.trend.span.14d": Readonly<Record<never, never>>;
    "history.trend.span.1d": Readonly<Record<never, never>>;
    "history.trend.span.1h": Readonly<Record<never, never>>;
    "history.trend.span.30d": Readonly<Record<never, never>>;
    "history.trend.span.7d": Readonly<Record<never, never>>;
    "history.trend.span.8h": Readonly<Record<never, never>>;
    "history.trend.statesNote": { readonly duration: MessageParam };
    "history.trend.table": Readonly<Record<never, never>>;
    "history.trend.tableNote": Readonly<Record<never, never>>;
    "history.trend.thinned": Readonly<Record<never, never>>;
    "history.trend.versus.1d": Readonly<Record<never, never>>;
    "history.trend.versus.7d": Readonly<Record<never, never>>;
    "history.trend.versus.before": Readonly<Record<never, never>>;
    "history.trend.versus.name": Readonly<Record<never, never>>;
    "history.trend.versus.none": Readonly<Record<never, never>>;
    "history.view.trends": Readonly<Record<never, never>>;
    "history.wideLayoutNeedsStepSeconds": Readonly<Record<never, never>>;
  }
}
