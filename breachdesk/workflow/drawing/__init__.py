"""A procedure drawn. `picture` holds what every drawing says: lanes, places and edges; the others say it as SVG, Mermaid and BPMN."""
