// Generated from features/auto-twin/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "autoTwin.answersColumnsNameText": { readonly pair: MessageParam };
    "autoTwin.cannotReadFile": { readonly code: MessageParam; readonly file: MessageParam };
    "autoTwin.connectionsIdOrName": { readonly count: MessageParam; readonly target: MessageParam };
    "autoTwin.fileDescribesNoDevice": { readonly name: MessageParam };
    "autoTwin.fileEmpty": { readonly name: MessageParam };
    "autoTwin.fileMostMbLookedInto": { readonly max: MessageParam; readonly count: MessageParam; readonly name: MessageParam };
    "autoTwin.fileNoAasx": { readonly name: MessageParam };
    "autoTwin.fileNotHeldMore": { readonly id: MessageParam };
    "autoTwin.filePackedGzip": { readonly name: MessageParam };
    "autoTwin.fileSentApplicationOctetStreamFile": Readonly<Record<never, never>>;
    "autoTwin.fileTakesTooMuchMemoryRead": { readonly reason: MessageParam; readonly name: MessageParam };
    "autoTwin.importOff": Readonly<Record<never, never>>;
    "autoTwin.nameConnection": Readonly<Record<never, never>>;
    "autoTwin.noConnectionId": { readonly connection: MessageParam };
    "autoTwin.noEvent": { readonly path: MessageParam };
    "autoTwin.noEventLog": { readonly why: MessageParam; readonly name: MessageParam };
    "autoTwin.noProposalId": { readonly id: MessageParam };
    "autoTwin.nothingTakeSignal": { readonly remarks: MessageParam; readonly url: MessageParam };
    "autoTwin.proposalFailed": Readonly<Record<never, never>>;
    "autoTwin.proposalMadeConnection": Readonly<Record<never, never>>;
    "autoTwin.proposalsBeingMade": { readonly busy: MessageParam };
    "autoTwin.readingFileTakesLonger": { readonly max: MessageParam; readonly name: MessageParam };
    "autoTwin.reportProposalGone": { readonly id: MessageParam };
    "autoTwin.sayColumnCaseNameActivityName": { readonly why: MessageParam; readonly header: MessageParam };
    "autoTwin.sayFirstColumnsLog": { readonly why: MessageParam; readonly name: MessageParam };
    "autoTwin.spreadsheetNotRead": { readonly name: MessageParam };
    "autoTwin.xmlFileBeginsEnvironmentAas": { readonly format: MessageParam; readonly name: MessageParam };
    "autoTwin.zipOtherFilesAasxNotRead": { readonly name: MessageParam };
  }
}
