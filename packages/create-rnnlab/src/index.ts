export { createProject, type ProjectOptions, type CellType, type ReadAs } from './create-project';
