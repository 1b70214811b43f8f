// Generated from features/connect/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "connect.cannotReadFile": { readonly code: MessageParam; readonly file: MessageParam };
    "connect.clockAhead": { readonly source: MessageParam; readonly seconds: MessageParam };
    "connect.clockBehind": { readonly source: MessageParam; readonly seconds: MessageParam };
    "connect.connectionNotOpened": { readonly id: MessageParam };
    "connect.effectsBeingWorkedOut": { readonly effects: MessageParam };
    "connect.findingAt": { readonly finding: MessageParam; readonly address: MessageParam };
    "connect.interfaceDescriptionNoWords": { readonly protocol: MessageParam; readonly name: MessageParam };
    "connect.lowEndDisplayBandLiesBelow": { readonly name: MessageParam };
    "connect.mappingHoldsMostWordsOverAll": { readonly max: MessageParam; readonly count: MessageParam; readonly id: MessageParam };
    "connect.mappingVersionNow": { readonly id: MessageParam; readonly newest: MessageParam; readonly expected: MessageParam };
    "connect.noConnectionId": { readonly id: MessageParam };
    "connect.noOpenConnectionTakesValues": { readonly id: MessageParam };
    "connect.noProtocolAddress": { readonly exampleAddresses: MessageParam; readonly url: MessageParam };
    "connect.noSecretName": { readonly name: MessageParam };
    "connect.noShellId": { readonly shell: MessageParam };
    "connect.noSignalId": { readonly id: MessageParam };
    "connect.noSignalIdCondition": { readonly condition: MessageParam };
    "connect.noStationId": { readonly id: MessageParam };
    "connect.nothingTakeSignal": { readonly remarks: MessageParam; readonly url: MessageParam };
    "connect.numberCounter": { readonly name: MessageParam };
    "connect.plantCannotReached": { readonly reason: MessageParam; readonly url: MessageParam };
    "connect.plantMayNotRead": { readonly why: MessageParam; readonly url: MessageParam };
    "connect.samplesDropped": { readonly count: MessageParam; readonly why: MessageParam };
    "connect.settingsJsonObject": { readonly file: MessageParam };
    "connect.signalNoConditionOwn": { readonly name: MessageParam };
    "connect.submodelId": { readonly id: MessageParam };
    "connect.tokenNotConnectionsSecret": { readonly id: MessageParam };
  }
}
