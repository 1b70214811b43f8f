// Recorded samples as files: CSV and Parquet, row by row while they are read.

export * from "./aligned-rows.ts";
export * from "./write-csv.ts";
export * from "./write-parquet.ts";
