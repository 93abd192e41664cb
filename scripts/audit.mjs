/** Before a release: no known vulnerability that is high or critical. Fails when the registry does not answer, too. */
import { audit } from './supply-chain/audit.mjs';

const { problems, note } = await audit({ required: true });
if (problems.length) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(note);
