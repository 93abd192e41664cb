/**
 * What `npm run gradcheck` checks. A check has a name, weight scales, and a report of the worst element of each
 * parameter and input at a scale.
 */
import { recurrentChecks } from './recurrent.mjs';
import { otherChecks } from './others.mjs';

export const checks = [...recurrentChecks, ...otherChecks];
