// Generated from packages/server/words/en/storage.json by `npm run messages`: do not edit.
export {};

declare module "../index.ts" {
  interface MessageCatalogue {
    "storage.anotherDoppelwerkRunningFolder": { readonly path: MessageParam };
    "storage.anotherProcessOwnsWorldSinceLease": { readonly epoch: MessageParam };
    "storage.beginningDoesNotMatchChecksum": { readonly name: MessageParam };
    "storage.beginningEndNameDifferentFormats": { readonly name: MessageParam };
    "storage.blobCouldNotStoredOrRead": { readonly reason: MessageParam };
    "storage.bytesShouldEmpty": { readonly end: MessageParam; readonly offset: MessageParam; readonly name: MessageParam };
    "storage.changeLog": { readonly offset: MessageParam; readonly path: MessageParam };
    "storage.changeLogChangedSomethingElse": { readonly directory: MessageParam };
    "storage.changeLogCouldNotWritten": { readonly reason: MessageParam; readonly directory: MessageParam };
    "storage.changeLogDamagedByte": { readonly offset: MessageParam; readonly why: MessageParam; readonly directory: MessageParam };
    "storage.changeLogDoesNotAnswer": { readonly reason: MessageParam; readonly directory: MessageParam };
    "storage.changeLogDoesNotRecoverYet": { readonly reason: MessageParam; readonly directory: MessageParam };
    "storage.checkpointWrittenNewerDoppelwerk": { readonly path: MessageParam };
    "storage.dataFolderCannotRead": { readonly reason: MessageParam; readonly root: MessageParam };
    "storage.dataFolderCannotWritten": { readonly reason: MessageParam; readonly root: MessageParam };
    "storage.databaseWrittenNewerDoppelwerkFormat": { readonly version: MessageParam; readonly format: MessageParam };
    "storage.eventsCannotWritten": { readonly reason: MessageParam; readonly directory: MessageParam };
    "storage.eventsClosed": Readonly<Record<never, never>>;
    "storage.eventsNotReached": { readonly reason: MessageParam };
    "storage.eventsWrittenNewerDoppelwerkFormat": { readonly format: MessageParam; readonly path: MessageParam };
    "storage.fileCannotOpened": { readonly reason: MessageParam; readonly path: MessageParam };
    "storage.fileCouldNotReadEnd": { readonly path: MessageParam };
    "storage.fileCouldNotStored": { readonly reason: MessageParam };
    "storage.fileEventsCannotOpened": { readonly reason: MessageParam; readonly path: MessageParam };
    "storage.fileEventsCannotRead": { readonly reason: MessageParam; readonly path: MessageParam };
    "storage.fileEventsLacksName": { readonly id: MessageParam };
    "storage.fileEventsWrittenNewerDoppelwerkFormat": { readonly format: MessageParam; readonly path: MessageParam };
    "storage.folderHoldsOtherThings": { readonly others: MessageParam; readonly root: MessageParam };
    "storage.folderLargeFilesCannotOpened": { readonly reason: MessageParam; readonly directory: MessageParam };
    "storage.folderWrittenNewerDoppelwerkFormat": { readonly format: MessageParam; readonly dataFormat: MessageParam; readonly root: MessageParam };
    "storage.formatFileCannotRead": { readonly reason: MessageParam; readonly path: MessageParam };
    "storage.formatFileNamesNoFormat": { readonly path: MessageParam };
    "storage.historyBlockDamaged": { readonly offset: MessageParam; readonly why: MessageParam; readonly path: MessageParam };
    "storage.historyCannot": { readonly reason: MessageParam; readonly path: MessageParam };
    "storage.historyCannotThinned": { readonly directory: MessageParam };
    "storage.historyCannotWritten": { readonly directory: MessageParam };
    "storage.historyClosed": Readonly<Record<never, never>>;
    "storage.historyDoesNotRecoverYet": { readonly reason: MessageParam; readonly path: MessageParam };
    "storage.historyFileEndsTooEarly": { readonly path: MessageParam };
    "storage.historyFolderCannotRead": { readonly reason: MessageParam; readonly directory: MessageParam };
    "storage.historyLogWrittenNewerDoppelwerk": { readonly path: MessageParam };
    "storage.historySegmentDamaged": { readonly why: MessageParam; readonly path: MessageParam };
    "storage.historyWriterEnded": { readonly why: MessageParam };
    "storage.historyWrittenNewerDoppelwerk": { readonly path: MessageParam };
    "storage.journalCannotWritten": { readonly what: MessageParam; readonly reason: MessageParam };
    "storage.journalClosed": { readonly what: MessageParam; readonly path: MessageParam };
    "storage.leaseCannotTaken": { readonly reason: MessageParam; readonly path: MessageParam };
    "storage.lineJournalCannotRead": { readonly at: MessageParam; readonly what: MessageParam; readonly path: MessageParam };
    "storage.logRevision": { readonly lastRevision: MessageParam; readonly expectedRevision: MessageParam };
    "storage.logWriterEnded": { readonly why: MessageParam };
    "storage.nothingTouchedRestoreBackupOrAccept": { readonly problem: MessageParam; readonly directory: MessageParam; readonly directory2: MessageParam };
    "storage.postgreSQLRefused": { readonly why: MessageParam; readonly url: MessageParam };
    "storage.recordCacheCannotOpenedMayDeleted": { readonly reason: MessageParam; readonly path: MessageParam };
    "storage.recordCacheMemoryTakesNoMore": Readonly<Record<never, never>>;
    "storage.recordCacheNotWrittenWithin": { readonly waitMs: MessageParam; readonly path: MessageParam };
    "storage.recordCacheRefused": { readonly reason: MessageParam };
    "storage.revisionMissingBefore": { readonly count: MessageParam; readonly revision: MessageParam };
    "storage.threadEventsEnded": { readonly why: MessageParam };
    "storage.threadWritesRecordCacheEnded": Readonly<Record<never, never>>;
    "storage.tooManyEventsWaitStored": { readonly waiting: MessageParam };
    "storage.worldOwned": { readonly holder: MessageParam };
    "storage.worldOwnedByAnother": { readonly world: MessageParam; readonly owner: MessageParam };
  }
}
