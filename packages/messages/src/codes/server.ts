// Generated from packages/server/words/en/server.json by `npm run messages`: do not edit.
export {};

declare module "../index.ts" {
  interface MessageCatalogue {
    "server.bodyNestedDeeperLevels": { readonly max: MessageParam };
    "server.cannotReadFile": { readonly code: MessageParam; readonly file: MessageParam };
    "server.cannotReadFileImport": { readonly code: MessageParam; readonly file: MessageParam };
    "server.clientSendsTextFrames": Readonly<Record<never, never>>;
    "server.dataNotLoadedAs": { readonly destination: MessageParam };
    "server.featureCannotSwitchedOff": { readonly id: MessageParam };
    "server.featureNotOpenNow": { readonly feature: MessageParam; readonly state: MessageParam };
    "server.featureOffWorld": { readonly feature: MessageParam };
    "server.featuresDoNotFitTogether": { readonly faults: MessageParam };
    "server.fileBytes": { readonly size: MessageParam; readonly max: MessageParam; readonly file: MessageParam };
    "server.fileCannotWritten": { readonly code: MessageParam; readonly out: MessageParam };
    "server.fileNotJsonObject": { readonly path: MessageParam };
    "server.filesOnlyInAasx": { readonly count: MessageParam };
    "server.firstMessageHello": Readonly<Record<never, never>>;
    "server.foldStopped": { readonly fold: MessageParam };
    "server.foldWorkerFailed": { readonly reason: MessageParam };
    "server.goWithout": { readonly missing: MessageParam; readonly directory: MessageParam; readonly revision: MessageParam };
    "server.headerDoppelwerkNameHoldsNoPercent": Readonly<Record<never, never>>;
    "server.headerDoppelwerkReasonHoldsNoPercent": { readonly max: MessageParam };
    "server.headerDoppelwerkUnchangedSinceHoldsNo": { readonly header: MessageParam };
    "server.headerDoppelwerkUnchangedSinceNames": { readonly since: MessageParam; readonly seen: MessageParam };
    "server.helloSaid": Readonly<Record<never, never>>;
    "server.historyPostgresNeedsPostgreSQL": Readonly<Record<never, never>>;
    "server.hostNotOwn": { readonly host: MessageParam };
    "server.jobCancelled": Readonly<Record<never, never>>;
    "server.jobWorkerEnded": { readonly why: MessageParam };
    "server.messageMalformed": { readonly error: MessageParam };
    "server.messageNestedDeeperLevels": { readonly max: MessageParam };
    "server.messageNotJson": { readonly reason: MessageParam };
    "server.nameCouldNotErased": { readonly reason: MessageParam };
    "server.newWorld": Readonly<Record<never, never>>;
    "server.no": { readonly subject: MessageParam };
    "server.noDataFolderDoppelwerk": { readonly directory: MessageParam };
    "server.noFeature": { readonly id: MessageParam };
    "server.noFold": { readonly id: MessageParam };
    "server.noServerAnswers": { readonly server: MessageParam; readonly reason: MessageParam };
    "server.noSignal": { readonly signal: MessageParam };
    "server.nothingAnswers": { readonly method: MessageParam; readonly url: MessageParam };
    "server.nothingFileCanExported": { readonly reason: MessageParam; readonly file: MessageParam };
    "server.nothingMissing": { readonly revision: MessageParam };
    "server.originRefused": { readonly origin: MessageParam; readonly own: MessageParam };
    "server.originScheme": { readonly text: MessageParam };
    "server.portMayNotOpenedUser": { readonly port: MessageParam };
    "server.portUnprovided": { readonly key: MessageParam };
    "server.portUseAnotherProgram": { readonly port: MessageParam; readonly host: MessageParam };
    "server.requestFailedInsideServer": { readonly id: MessageParam };
    "server.run": { readonly state: MessageParam; readonly message: MessageParam };
    "server.samplesWrittenIngest": Readonly<Record<never, never>>;
    "server.sayTitleOpenRequestBranch": Readonly<Record<never, never>>;
    "server.serverAnswered": { readonly status: MessageParam; readonly path: MessageParam };
    "server.serverAnsweredStatus": { readonly status: MessageParam };
    "server.serverGivesNoEntityTagsDoes": { readonly condition: MessageParam };
    "server.settingNameValue": { readonly pair: MessageParam };
    "server.settingsMalformed": { readonly id: MessageParam; readonly reason: MessageParam };
    "server.settingsVersion": { readonly id: MessageParam; readonly version: MessageParam; readonly version2: MessageParam };
    "server.severalHostHeaders": Readonly<Record<never, never>>;
    "server.webSocketsLiveWs": Readonly<Record<never, never>>;
    "server.whoseNameEraseSaysHeaderDoppelwerk": Readonly<Record<never, never>>;
    "server.withoutAccountsServerBindsMachinesOwn": { readonly host: MessageParam };
    "server.workerEnded": Readonly<Record<never, never>>;
  }
}
