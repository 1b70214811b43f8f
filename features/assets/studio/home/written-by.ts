/** Records whose commits change what is told of the values of the plants. */
export const WRITTEN_BY = { kinds: ["signal", "connection", "shell", "submodel"] } as const;
