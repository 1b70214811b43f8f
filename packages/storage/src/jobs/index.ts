export { openFileJobQueue, type FileJobQueueOptions } from "./file-job-queue.ts";
