// Generated from packages/server/words/en/connect.json by `npm run messages`: do not edit.
export {};

declare module "../index.ts" {
  interface MessageCatalogue {
    "connect.clockAhead": { readonly source: MessageParam; readonly seconds: MessageParam };
    "connect.clockBehind": { readonly source: MessageParam; readonly seconds: MessageParam };
    "connect.connectionNotOpened": { readonly id: MessageParam };
    "connect.diskFull": Readonly<Record<never, never>>;
    "connect.findingAt": { readonly finding: MessageParam; readonly address: MessageParam };
    "connect.historyBehind": Readonly<Record<never, never>>;
    "connect.historyTakesNoSamples": Readonly<Record<never, never>>;
    "connect.interfaceDescriptionNoWords": { readonly protocol: MessageParam; readonly name: MessageParam };
    "connect.lowEndDisplayBandLiesBelow": { readonly name: MessageParam };
    "connect.noConnectionId": { readonly id: MessageParam };
    "connect.noOpenConnectionTakesValues": { readonly id: MessageParam };
    "connect.noProtocolAddress": { readonly exampleAddresses: MessageParam; readonly url: MessageParam };
    "connect.noSecretName": { readonly name: MessageParam };
    "connect.noShellId": { readonly shell: MessageParam };
    "connect.noSignalId": { readonly id: MessageParam };
    "connect.noSignalIdCondition": { readonly condition: MessageParam };
    "connect.nothingTakeSignal": { readonly remarks: MessageParam; readonly url: MessageParam };
    "connect.numberCounter": { readonly name: MessageParam };
    "connect.plantCannotReached": { readonly reason: MessageParam; readonly url: MessageParam };
    "connect.plantMayNotRead": { readonly why: MessageParam; readonly url: MessageParam };
    "connect.samplesDropped": { readonly count: MessageParam; readonly why: MessageParam };
    "connect.signalNoConditionOwn": { readonly name: MessageParam };
    "connect.tokenNotConnectionsSecret": { readonly id: MessageParam };
  }
}
