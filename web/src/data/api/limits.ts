// Made of openapi.json by `make docs`: 63ba28443d9325b8b76f3dd6611021e49ec981be6a2fbc9f370f62c11f435a96

/** Limits of the fields of requests. */
export const LIMITS = {
  "AnalysisChange": {
    "brands": {
      "maxItems": 200
    }
  },
  "Announced": {
    "sequence": {
      "minimum": 0,
      "maximum": 99999999
    },
    "media_time": {
      "minimum": 0,
      "maximum": 9999999
    },
    "duration": {
      "minimum": 0.001,
      "maximum": 12
    }
  },
  "BrandChange": {
    "aliases": {
      "maxItems": 50,
      "items": {
        "maxLength": 200,
        "pattern": "\\S"
      }
    },
    "prompts": {
      "maxItems": 50,
      "items": {
        "maxLength": 200,
        "pattern": "\\S"
      }
    },
    "threshold": {
      "minimum": 0,
      "maximum": 1
    },
    "name": {
      "maxLength": 200,
      "pattern": "\\S"
    }
  },
  "NewBrand": {
    "aliases": {
      "maxItems": 50,
      "items": {
        "maxLength": 200,
        "pattern": "\\S"
      }
    },
    "prompts": {
      "maxItems": 50,
      "items": {
        "maxLength": 200,
        "pattern": "\\S"
      }
    },
    "threshold": {
      "minimum": 0,
      "maximum": 1
    },
    "name": {
      "maxLength": 200,
      "pattern": "\\S"
    },
    "id": {
      "pattern": "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"
    }
  },
  "NewStream": {
    "name": {
      "maxLength": 200,
      "pattern": "\\S"
    },
    "id": {
      "pattern": "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"
    }
  },
  "NewUpload": {
    "name": {
      "maxLength": 1000,
      "pattern": "\\S"
    },
    "size": {
      "minimum": 1
    },
    "content_type": {
      "pattern": "^[ -~]*(?!\\n)$"
    }
  },
  "Preview": {
    "media_ms": {
      "minimum": 0
    }
  },
  "Range": {
    "from": {
      "minimum": 0
    },
    "to": {
      "minimum": 0
    },
    "id": {
      "pattern": "^[A-Za-z0-9]{1,64}(?!\\n)$"
    }
  },
  "StreamChange": {
    "name": {
      "maxLength": 200,
      "pattern": "\\S"
    }
  }
} as const
