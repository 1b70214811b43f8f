// Generated from features/commands/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "commands.anotherAddressWhenAsked": { readonly id: MessageParam };
    "commands.anotherCommandWaitsOrBeingWritten": { readonly name: MessageParam };
    "commands.commandValue": { readonly value: MessageParam; readonly value2: MessageParam; readonly id: MessageParam };
    "commands.commandWaitsNothing": { readonly state: MessageParam; readonly why: MessageParam; readonly id: MessageParam };
    "commands.commandsOffConnection": { readonly name: MessageParam; readonly name2: MessageParam };
    "commands.commandsWaitConfirmation": { readonly waitingMost: MessageParam };
    "commands.connectionNotConnected": { readonly name: MessageParam };
    "commands.connectionsCannotCommanded": { readonly protocol: MessageParam; readonly name: MessageParam };
    "commands.connectionsNoMethods": { readonly protocol: MessageParam; readonly method: MessageParam };
    "commands.counterNotCommanded": { readonly name: MessageParam };
    "commands.methodsServerItselfNeverCalled": { readonly method: MessageParam };
    "commands.must": { readonly name: MessageParam; readonly equals: MessageParam; readonly quality: MessageParam; readonly name2: MessageParam };
    "commands.noCommandId": { readonly id: MessageParam };
    "commands.noConnectionId": { readonly id: MessageParam };
    "commands.noSignalId": { readonly id: MessageParam };
    "commands.notConfirmedInTime": Readonly<Record<never, never>>;
    "commands.serverEndedWhileWriting": Readonly<Record<never, never>>;
    "commands.serverRestartedBeforeConfirmed": Readonly<Record<never, never>>;
    "commands.signalBelongsSafetyFunctionNever": { readonly name: MessageParam };
    "commands.signalComesNoConnection": { readonly name: MessageParam };
    "commands.signalTypeTakesNo": { readonly name: MessageParam; readonly valueType: MessageParam; readonly value: MessageParam };
    "commands.withdrawnBy": { readonly name: MessageParam };
    "commands.writtenNotReadBack": Readonly<Record<never, never>>;
    "commands.writtenReadsOtherwise": Readonly<Record<never, never>>;
  }
}
