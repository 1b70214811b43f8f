// Generated from packages/server/words/en/operations.json by `npm run messages`: do not edit.
export {};

declare module "../index.ts" {
  interface MessageCatalogue {
    "operations.noAlarmRule": { readonly rule: MessageParam };
    "operations.proposal.answerNotUnderstood": { readonly question: MessageParam; readonly answer: MessageParam };
    "operations.proposal.askConstraint": { readonly line: MessageParam };
    "operations.proposal.askLineName": { readonly source: MessageParam };
    "operations.proposal.askOrder": { readonly line: MessageParam; readonly stations: MessageParam };
    "operations.proposal.askRole": { readonly role: MessageParam; readonly names: MessageParam };
    "operations.proposal.askSameMachines": { readonly names: MessageParam; readonly source: MessageParam };
    "operations.proposal.askShifts": { readonly line: MessageParam };
    "operations.proposal.askSiteName": Readonly<Record<never, never>>;
    "operations.proposal.askTakt": { readonly line: MessageParam };
    "operations.proposal.askTimeZone": Readonly<Record<never, never>>;
    "operations.proposal.casesFollowed": { readonly count: MessageParam; readonly all: MessageParam; readonly percent: MessageParam };
    "operations.proposal.declared": { readonly standard: MessageParam; readonly by: MessageParam };
    "operations.proposal.implausibleTimes": Readonly<Record<never, never>>;
    "operations.proposal.itemState": Readonly<Record<never, never>>;
    "operations.proposal.keptFromOther": { readonly reason: MessageParam; readonly roles: MessageParam; readonly count: number; readonly source: MessageParam };
    "operations.proposal.loggedActivity": Readonly<Record<never, never>>;
    "operations.proposal.loggedTimes": { readonly visits: number; readonly mean: MessageParam; readonly places: MessageParam; readonly resources: number; readonly pooled: number };
    "operations.proposal.loggedTimesBound": { readonly visits: number; readonly mean: MessageParam; readonly resources: number; readonly pooled: number; readonly places: MessageParam };
    "operations.proposal.mtconnectType": { readonly type: MessageParam };
    "operations.proposal.nameMeans": { readonly role: string; readonly words: MessageParam };
    "operations.proposal.nameplate": { readonly properties: MessageParam };
    "operations.proposal.noCount": Readonly<Record<never, never>>;
    "operations.proposal.noManufacturer": Readonly<Record<never, never>>;
    "operations.proposal.noManufacturerAddress": Readonly<Record<never, never>>;
    "operations.proposal.noState": Readonly<Record<never, never>>;
    "operations.proposal.noTimeZone": Readonly<Record<never, never>>;
    "operations.proposal.noUnit": Readonly<Record<never, never>>;
    "operations.proposal.noWorkTime": Readonly<Record<never, never>>;
    "operations.proposal.notProposed": { readonly folder: MessageParam };
    "operations.proposal.notProposedElsewhere": { readonly folders: number };
    "operations.proposal.numberedNames": { readonly count: MessageParam; readonly stem: MessageParam; readonly kinds: MessageParam };
    "operations.proposal.numbersRise": Readonly<Record<never, never>>;
    "operations.proposal.observedRange": { readonly min: MessageParam; readonly max: MessageParam; readonly count: MessageParam; readonly hours: MessageParam };
    "operations.proposal.operationMode": Readonly<Record<never, never>>;
    "operations.proposal.orderAnswered": Readonly<Record<never, never>>;
    "operations.proposal.packmlStateNumber": Readonly<Record<never, never>>;
    "operations.proposal.placeStated": { readonly count: number; readonly place: MessageParam };
    "operations.proposal.placeUnknown": Readonly<Record<never, never>>;
    "operations.proposal.roleName": { readonly role: MessageParam };
    "operations.proposal.sameIdentifier": { readonly property: MessageParam };
    "operations.proposal.sameMachine": { readonly machine: MessageParam; readonly source: MessageParam; readonly reason: MessageParam };
    "operations.proposal.sameNameAndCounts": { readonly roles: MessageParam };
    "operations.proposal.sameNameConfirmed": Readonly<Record<never, never>>;
    "operations.proposal.similarFolders": { readonly count: MessageParam; readonly kinds: MessageParam };
    "operations.proposal.similarFoldersIn": { readonly count: MessageParam; readonly above: MessageParam; readonly kinds: MessageParam };
    "operations.proposal.standardCount": Readonly<Record<never, never>>;
    "operations.proposal.standardTag": Readonly<Record<never, never>>;
    "operations.proposal.unitAgrees": { readonly reason: MessageParam; readonly unit: MessageParam };
    "operations.proposal.unitState": Readonly<Record<never, never>>;
    "operations.proposal.unmappedState": Readonly<Record<never, never>>;
    "operations.proposal.valueOfAsset": { readonly asset: MessageParam };
    "operations.shelvingAlarmNeedsReasonEndFuture": Readonly<Record<never, never>>;
  }
}
